package dev.freshet.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.freshet.support.Models;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.TokenCountEstimator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentSplitterTest {

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t \r\n"})
  void aBlankTextHasNoSegments(String text) {
    assertThat(Models.splitter().split(text)).isEmpty();
  }

  @Test
  void aLongBlankTextHasNoSegments() {
    assertThat(Models.splitter().split("\u2003".repeat(5_000))).isEmpty();
  }

  @Test
  void aShortTextIsItsOnlySegment() {
    String text = "Title: Lamp\n\nQuiet  and bright. It lasts.";

    assertThat(Models.splitter().split(text)).containsExactly(text);
  }

  @Test
  void countingTheWordsTogetherChangesNoSegment() throws IOException {
    assertThatCountingTheWordsTogetherChangesNoSegment(ordinaryTexts(40));
  }

  @Test
  @Tag("campaign") // Half a minute.
  void countingTheWordsTogetherChangesNoSegmentOfTheWholeCorpus() throws IOException {
    assertThatCountingTheWordsTogetherChangesNoSegment(ordinaryTexts(1));
  }

  private static void assertThatCountingTheWordsTogetherChangesNoSegment(List<String> texts) {
    var together = new TokenCounter(Models.tokenizer());
    var alone = new OneByOne(new TokenCounter(Models.tokenizer()));
    var configuration = new SplittingConfiguration(64, 8);
    var splitter = new SegmentSplitter(configuration, together);
    var former = new SegmentSplitter(configuration, alone);
    for (String text : texts) {
      assertThat(splitter.split(text)).isEqualTo(former.split(text));
    }
  }

  /** One of so many messages of the corpus, the samples, and prose. */
  private static List<String> ordinaryTexts(int one) throws IOException {
    var texts = new ArrayList<String>();
    List<Path> corpus = files("src/test/resources/corpus");
    for (int i = 0; i < corpus.size(); i += one) {
      texts.add(text(corpus.get(i)));
    }
    for (Path sample : files("src/main/resources/samples")) {
      texts.add(text(sample));
    }
    for (int seed = 0; seed < 20; seed++) {
      texts.add(Texts.prose(new Random(seed), 24));
    }
    return texts;
  }

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /** Hides from the splitter that the counter can count words together. */
  private record OneByOne(TokenCounter counter) implements TokenCountEstimator {

    @Override
    public int estimateTokenCountInText(String text) {
      return counter.estimateTokenCountInText(text);
    }

    @Override
    public int estimateTokenCountInMessage(ChatMessage message) {
      return counter.estimateTokenCountInMessage(message);
    }

    @Override
    public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
      return counter.estimateTokenCountInMessages(messages);
    }
  }

  @Test
  void aLongTextIsSplitAtItsParagraphs() {
    String first = "Quiet motor here. ".repeat(45).strip();
    String second = "Steel bottle there. ".repeat(45).strip();

    assertThat(Models.splitter(256, 0).split(first + "\n\n" + second))
        .containsExactly(first, second);
  }

  @Test
  void aSegmentRepeatsTheLastSentencesOfTheOneBefore() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      text.append("The lamp number ").append(i).append(" lasts long. ");
    }

    List<String> segments = Models.splitter(128, 32).split(text.toString());

    assertThat(segments).hasSizeGreaterThan(5);
    for (int i = 1; i < segments.size(); i++) {
      String firstSentence = segments.get(i).substring(0, segments.get(i).indexOf('.') + 1);
      assertThat(segments.get(i - 1)).contains(firstSentence);
    }
  }

  @ParameterizedTest
  @CsvSource({"256,32", "256,0", "128,100", "16,0", "16,15", "64,63"})
  void noWordIsLostAndNoSegmentTooLong(int maxTokens, int overlapTokens) {
    for (int seed = 0; seed < 5; seed++) {
      String text = Texts.prose(new Random(seed), 24);

      List<String> segments = Models.splitter(maxTokens, overlapTokens).split(text);

      assertThat(tokens(segments)).allMatch(tokens -> tokens <= maxTokens);
      assertThat(words(String.join(" ", segments))).isEqualTo(words(text));
      assertThat(Models.splitter(maxTokens, overlapTokens).split(text)).isEqualTo(segments);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostileTexts")
  void aHostileTextIsSplitWithinSecondsAndTheLimit(String name, String text) {
    SegmentSplitter splitter = Models.splitter();

    List<String> segments = assertTimeout(Duration.ofSeconds(20), () -> splitter.split(text));

    assertThat(tokens(segments)).allMatch(tokens -> tokens <= 256);
    assertThat(segments).allMatch(segment -> segment.length() <= 256 * 32);
    assertThat(segments).allMatch(SegmentSplitterTest::hasWholeCharacters);
    assertThat(withoutBlanks(String.join("", segments))).isEqualTo(withoutBlanks(text));
  }

  static Stream<Arguments> hostileTexts() {
    byte[] bytes = new byte[60_000];
    new Random(7).nextBytes(bytes);
    return Stream.of(
        Arguments.of("one long word", "x".repeat(20_000)),
        Arguments.of("a word of a megabyte", "abcdefg".repeat(150_000)),
        Arguments.of("words just not too long", ("qzjxkvbw".repeat(120) + " ").repeat(150)),
        Arguments.of("Chinese", "漢字仮名交じり文。".repeat(5_000)),
        Arguments.of("Korean", "한국어".repeat(5_000)),
        Arguments.of("emoji", "😀👩‍👩‍👧".repeat(2_000)),
        Arguments.of("an emoji off the even places", "x" + "😀".repeat(900)),
        Arguments.of("base64", Base64.getEncoder().encodeToString(bytes)),
        Arguments.of("blanks", "a" + " ".repeat(1_000_000) + "b"),
        Arguments.of("line breaks", "a" + "\n".repeat(1_000_000) + "b"),
        Arguments.of("no-break spaces", "a" + "\u00a0".repeat(100_000) + "b"),
        Arguments.of("zero-width spaces", "a " + "\u200b ".repeat(100_000) + "b"),
        Arguments.of("dots", ".".repeat(100_000)),
        Arguments.of("one letter a paragraph", "\n\na".repeat(300)));
  }

  @Test
  void aWordLongerThanASegmentStaysInOrderAmongItsNeighbours() {
    String word = "0123456789".repeat(300);

    List<String> segments = Models.splitter().split("Before it. " + word + " After it.");

    assertThat(segments.get(0)).isEqualTo("Before it.");
    assertThat(segments.get(segments.size() - 1)).isEqualTo("After it.");
    assertThat(String.join("", segments.subList(1, segments.size() - 1))).isEqualTo(word);
  }

  /** How many tokens each text has; equal texts are counted once. */
  private static IntStream tokens(List<String> texts) {
    int[] counts = Models.tokenizer().count(texts.stream().distinct().toList());
    return Arrays.stream(counts).map(count -> count + MiniLmTokenizer.SPECIAL_TOKENS);
  }

  private static Set<String> words(String text) {
    return new HashSet<>(Arrays.asList(text.strip().split("\\s+")));
  }

  private static boolean hasWholeCharacters(String text) {
    return text.codePoints().noneMatch(point -> point >= 0xd800 && point <= 0xdfff);
  }

  private static String withoutBlanks(String text) {
    return text.replaceAll("\\s+", "");
  }
}
