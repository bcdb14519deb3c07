package dev.freshet.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.freshet.changeevent.TableId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextFormatTest {

  private static final String PICTURE = "data:image/png;base64," + "iVBORw0KGgo".repeat(40_000);

  private static String read(TextFormat format, String text) {
    return format.read(TextNode.valueOf(text));
  }

  @Test
  void htmlBecomesWhatAReaderSees() {
    String html =
        """
        <head><title>no</title><style>p {color: red}</style></head>
        <h1>A   lantern</h1><p>It is <b>bright</b>&nbsp;&amp;&nbsp;quiet.<br>It lasts.</p>
        <script>alert('no')</script><ul><li>red</li><li>blue</li></ul>
        <table><tr><td>width</td><td>3 cm</td></tr></table><img src="%s" alt="a picture">"""
            .formatted(PICTURE);
    assertThat(read(TextFormat.HTML, html))
        .isEqualTo(
            """
            A lantern

            It is bright & quiet.
            It lasts.

            red
            blue

            width 3 cm

            a picture""");
  }

  @Test
  void markdownBecomesWhatAReaderSees() {
    String markdown =
        """
        # A lantern

        It is **bright** and [quiet](https://shop.example.org/q "a title").

        - red
        - blue &amp; green

        ![a picture](%s) <em>End</em>"""
            .formatted(PICTURE);
    assertThat(read(TextFormat.MARKDOWN, markdown))
        .isEqualTo(
            """
            A lantern

            It is bright and quiet.

            red
            blue & green

            a picture End""");
  }

  @Test
  void jsonBecomesItsValuesBehindTheirNames() {
    assertThat(
            read(
                TextFormat.JSON,
                "{\"color\":\"red\",\"size\":{\"width\":3.10,\"tags\":[\"a\",\"b\",null]},\"none\":null}"))
        .isEqualTo("color: red\nwidth: 3.10\ntags: a, b");
    assertThat(read(TextFormat.JSON, "[{\"a\":1},{\"a\":true}]")).isEqualTo("a: 1\na: true");
  }

  @Test
  void aColumnThatIsNotATextButJsonIsReadAsJsonToo() throws Exception {
    JsonNode tags = new ObjectMapper().readTree("[\"red\",\"blue\"]");
    assertThat(TextFormat.JSON.read(tags)).isEqualTo("red, blue");
    assertThat(TextFormat.PLAIN.read(tags)).isEqualTo("[\"red\",\"blue\"]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a text", "{broken", "[1,", "3", "\"quoted\"", "{\"a\":1} more"})
  void whatIsNoJsonStaysAsItIs(String text) {
    assertThat(read(TextFormat.JSON, text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Title: A lamp\n\n  Quiet.  ",
        "<b>bold</b> & *so*",
        "data:text and data: more, data:image/png without a comma",
        "https://shop.example.org/a/very/long/path?with=a&query=1",
        "漢字仮名交じり文。漢字仮名交じり文。"
      })
  void aPlainTextStaysAsItIs(String text) {
    assertThat(read(TextFormat.PLAIN, text)).isEqualTo(text);
    String chinese = "漢字仮名交じり文".repeat(1_000);
    assertThat(read(TextFormat.PLAIN, chinese)).isEqualTo(chinese);
  }

  @Test
  void whatNoModelReadsIsLeftOutOfAPlainTextAndCounted() {
    long before = LegibleText.leftOut();
    String run = "Ab9+/".repeat(300);
    assertThat(read(TextFormat.PLAIN, "<img src=\"" + PICTURE + "\"> behind"))
        .isEqualTo("<img src=\"\"> behind");
    assertThat(read(TextFormat.PLAIN, "before " + run + " behind")).isEqualTo("before  behind");
    assertThat(read(TextFormat.PLAIN, "x".repeat(1_000))).hasSize(1_000);
    assertThat(read(TextFormat.PLAIN, "x".repeat(1_001))).isEmpty();
    assertThat(LegibleText.leftOut() - before)
        .isGreaterThanOrEqualTo(PICTURE.length() + run.length() + 1_001);
  }

  @ParameterizedTest
  @EnumSource
  void aHostileTextIsReadWithinSeconds(TextFormat format) {
    assertThatEachIsReadWithinSeconds(format, hostileTexts(300_000));
  }

  @ParameterizedTest
  @EnumSource
  @Tag("campaign") // Half a minute.
  void aHostileTextAsLargeAsAMessageMayBeIsReadWithinSeconds(TextFormat format) {
    assertThatEachIsReadWithinSeconds(format, hostileTexts(7_750_000));
  }

  private static void assertThatEachIsReadWithinSeconds(TextFormat format, List<String> texts) {
    for (String text : texts) {
      assertTimeout(Duration.ofSeconds(20), () -> read(format, text), text.substring(0, 10));
    }
  }

  /**
   * What makes parsers slow, or call themselves too often.
   *
   * @param most characters of the largest
   */
  private static List<String> hostileTexts(int most) {
    return List.of(
        "<div>".repeat(most / 155),
        "<div>".repeat(most / 5) + "x",
        "<ul><li>".repeat(most / 8) + "x",
        "<table><tr><td>".repeat(most / 775),
        IntStream.range(0, (int) Math.sqrt(1.58 * most))
            .mapToObj(i -> " ".repeat(i) + "- a")
            .collect(Collectors.joining("\n")),
        (" ".repeat(180) + "- a\n").repeat(most / 184),
        "> ".repeat(95).concat("deep\n").repeat(most / 195),
        "<a href='".repeat(most / 38),
        "> ".repeat(5_000) + "deep",
        "[".repeat(most / 155),
        "![](".repeat(most / 155),
        "*a **b ".repeat(most / 155),
        "_a __b ".repeat(most / 155),
        IntStream.range(1, (int) Math.sqrt(most / 2.0))
            .mapToObj("`"::repeat)
            .collect(Collectors.joining(" ")),
        "[".repeat(900) + "]".repeat(900),
        "data:image/png,".repeat(most / 40),
        ("x".repeat(999) + " ").repeat(most / 2_000),
        "&".repeat(most / 8),
        "\u0000<\ud800>".repeat(10_000));
  }

  @Test
  void onlyTheTextIsReadInAFormatAndNotTheMetadata() {
    TableId table = TableId.parse("public.products");
    var mapping =
        new TableMapping(
            table,
            List.of("id"),
            new ContentTemplate("{title}: {body}"),
            null,
            Set.of(),
            Map.of("body", TextFormat.HTML));
    RenderedDocument document =
        mapping.render(
            Map.of("title", TextNode.valueOf("<a>"), "body", TextNode.valueOf("<p>a lamp</p>")));
    assertThat(document.content()).isEqualTo("<a>: a lamp");
    assertThat(document.metadata().path("body").asText()).isEqualTo("<p>a lamp</p>");
  }

  /** Documents that are indexed are known by the recipe that was stored with them. */
  @Test
  void aFormatChangesTheRecipeAndTheRecipeWithoutOneStays() {
    TableId table = TableId.parse("public.products");
    var template = new ContentTemplate("{body}");
    var plain = new TableMapping(table, List.of("id"), template, null, Set.of());
    var html =
        new TableMapping(
            table, List.of("id"), template, null, Set.of(), Map.of("body", TextFormat.HTML));
    assertThat(plain.recipe()).isEqualTo("key [id], content {body}, metadata all, exclude []");
    assertThat(html.recipe()).isEqualTo(plain.recipe() + ", formats {body=HTML}");
  }
}
