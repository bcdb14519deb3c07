package dev.freshet.store;

import static dev.freshet.store.StoreFixtures.product;
import static dev.freshet.store.StoreFixtures.update;
import static dev.freshet.store.StoreFixtures.writing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.index.Hit;
import dev.freshet.index.SearchScope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which words are found. Every store finds the same. */
interface WordContract extends StoreUnderTest {

  SearchScope UNBOUNDED = SearchScope.everything(1_000);

  private List<String> keysOf(String text) {
    return index().findMatching(text, UNBOUNDED).stream()
        .map(hit -> hit.documentId().joinedKey())
        .distinct()
        .sorted()
        .toList();
  }

  private void commitCatalogue() {
    commit(
        writing(product(1), 1)
            .segment(
                "Title: Spare part CVE-2026-2332\n\nValve for stove/burner, see DS-7604NI-E1/4P/A.",
                1,
                0,
                0),
        writing(product(2), 1).segment("新しい東京の工場で生産されたテント", 1, 0, 0),
        writing(product(3), 1).segment("ผ้าใบกันน้ำสำหรับตั้งแคมป์", 1, 0, 0),
        writing(product(4), 1)
            .segment(
                "Title: Wi-Fi e-mail <user@example.org>\n\n"
                    + "(photo-2024.jpg) and https://shop.example.org/lanterns/red?x=1!",
                1,
                0,
                0),
        writing(product(5), 1).segment("Café crème, Straße, ﬁne Ａｄａｐｔｅｒ, Ёлка", 1, 0, 0),
        writing(product(6), 1)
            .segment("size:large snake_case key=value +49 C++ 3.14 ﾃﾝﾄ用 don’t 🔥hot🔥", 1, 0, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "2332, 1",
    "2026, 1",
    "CVE, 1",
    "4P, 1",
    "a, 1",
    "stove, 1",
    "BURNER, 1",
    "ds, 1",
    "7604ni, 1",
    "lanterns, 4",
    "photo, 4",
    "2024, 4",
    "jpg, 4",
    "user, 4",
    "example, 4",
    "org, 4",
    "wi, 4",
    "fi, 4",
    "mail, 4",
    "red, 4",
    "x, 4",
    "large, 6",
    "snake, 6",
    "case, 6",
    "value, 6",
    "49, 6",
    "c, 6",
    "14, 6",
    "don, 6",
    "hot, 6",
    "🔥, 6",
  })
  default void aWordIsFoundWhateverJoinsItToItsNeighbours(String word, String key) {
    commitCatalogue();
    assertThat(keysOf(word)).containsExactly(key);
  }

  @ParameterizedTest
  @CsvSource({
    "CVE-2026-2332, 1",
    "stove/burner, 1",
    "DS-7604NI-E1/4P/A, 1",
    "ds-7604ni-e1, 1",
    "user@example.org, 4",
    "photo-2024.jpg, 4",
    "wi-fi, 4",
    "Wi‐Fi, 4",
    "e-mail, 4",
    "https://shop.example.org/lanterns/red?x=1, 4",
    "shop.example.org, 4",
    "size:large, 6",
    "snake_case, 6",
    "key=value, 6",
    "c++, 6",
    "3.14, 6",
    "don't, 6",
  })
  default void aWholeIsFoundToo(String whole, String key) {
    commitCatalogue();
    assertThat(keysOf(whole)).containsExactly(key);
  }

  @ParameterizedTest
  @CsvSource({"東京, 2", "工場, 2", "テント, 2|6", "กันน้ำ, 3", "แคมป์, 3", "ﾃﾝﾄ, 2|6"})
  default void wordsWithoutBlanksBetweenThemAreFound(String word, String keys) {
    commitCatalogue();
    assertThat(String.join("|", keysOf(word))).isEqualTo(keys);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cafe",
        "CAFÉ",
        "Cafe\u0301",
        "creme",
        "strasse",
        "STRASSE",
        "fine",
        "adapter",
        "елка"
      })
  default void caseWidthAndAccentsDoNotCount(String word) {
    commitCatalogue();
    assertThat(keysOf(word)).containsExactly("5");
  }

  @Test
  default void marksThatTellWordsApartDoCount() {
    commit(
        writing(product(1), 1).segment("ガス", 1, 0, 0),
        writing(product(2), 1).segment("мой", 1, 0, 0));
    assertThat(keysOf("カス")).isEmpty();
    assertThat(keysOf("ガス")).containsExactly("1");
    assertThat(keysOf("мои")).isEmpty();
  }

  /** The part alone is in both, and shorter in the other. */
  @Test
  default void aWholeIsABetterMatchThanItsParts() {
    commit(
        writing(product(1), 1).segment("Model DS-7604 with a stand", 1, 0, 0),
        writing(product(2), 1).segment("7604 DS parts and more", 1, 0, 0));
    assertThat(index().findMatching("DS-7604", UNBOUNDED))
        .extracting(hit -> hit.documentId().joinedKey())
        .containsExactly("1", "2");
  }

  @Test
  default void aRareWordCountsMoreThanCommonOnes() {
    var writings = new ArrayList<StoreFixtures.Writing>();
    for (int key = 1; key <= 30; key++) {
      writings.add(
          writing(product(key), 1).segment("the lamp and the table with the cloth", 1, 0, 0));
    }
    writings.add(
        writing(product(99), 1).segment("a lantern without any of these things in it", 1, 0, 0));
    commit(writings.toArray(StoreFixtures.Writing[]::new));
    assertThat(index().findMatching("the lamp with the lantern and the table", UNBOUNDED))
        .hasSize(31)
        .first()
        .extracting(hit -> hit.documentId().joinedKey())
        .isEqualTo("99");
  }

  @Test
  default void aWordCountsMoreTheOftenerItStandsAndTheShorterTheText() {
    commit(
        writing(product(1), 1).segment("lamp one two three four", 1, 0, 0),
        writing(product(2), 1).segment("lamp lamp lamp three four", 1, 0, 0),
        writing(product(3), 1).segment("lamp" + " and more".repeat(20), 1, 0, 0));
    assertThat(index().findMatching("lamp", UNBOUNDED))
        .extracting(hit -> hit.documentId().joinedKey())
        .containsExactly("2", "1", "3");
  }

  /** A question's rank in explain is counted; it is the place that the search gives. */
  @Test
  default void theCountAgreesWithThePlaceOfEachHitOfAQuestion() {
    var things = List.of("lamp", "stove", "tent", "boots", "map", "rope");
    for (int key = 1; key <= 40; key++) {
      var text = new StringBuilder("the item number " + key);
      for (int thing = 0; thing < things.size(); thing++) {
        text.append((" " + things.get(thing) + " and").repeat(key / (thing + 1) % 4));
      }
      commit(writing(product(key), 1).segment(text.toString(), 1, 0, 0));
    }
    String question = "which lamp, stove or tent goes with the boots and the map";
    List<Hit> all = index().findMatching(question, UNBOUNDED);
    assertThat(all).hasSize(40);
    for (int place = 0; place < all.size(); place++) {
      double score = all.get(place).score();
      long better = all.stream().filter(hit -> hit.score() > score).count();
      assertThat(index().countMatchingBetter(question, UNBOUNDED, score)).isEqualTo(better);
      assertThat(index().findMatching(question, UNBOUNDED.bestOf(all.get(place).documentId())))
          .singleElement()
          .isEqualTo(all.get(place));
    }
    assertThat(index().findMatching(question, UNBOUNDED)).isEqualTo(all);
  }

  @Test
  default void hostileTextsAndQueriesFindWhatTheyHold() throws Exception {
    String endless = "w".repeat(100_000);
    store()
        .commit(
            update(
                writing(product(1), 1).segment("before \ud800 lone \udc00 after", 1, 0, 0),
                writing(product(2), 1).segment("see " + endless + " there", 1, 0, 0),
                writing(product(3), 1).segment("?!… --- ///", 1, 0, 0),
                writing(product(4), 1)
                    .segment("q'uote \"double\" back\\slash 'x':1A,2B & | ! <->", 1, 0, 0),
                writing(product(5), 1).segment("e\u0301".repeat(20_000), 1, 0, 0)));
    assertThat(keysOf("lone")).containsExactly("1");
    assertThat(keysOf("zzz\0lone\0yyy")).containsExactly("1");
    assertThat(keysOf("\ud800")).isEmpty();
    assertThat(keysOf(endless)).containsExactly("2");
    assertThat(keysOf("there")).containsExactly("2");
    assertThat(keysOf("q'uote")).containsExactly("4");
    assertThat(keysOf("back\\slash")).containsExactly("4");
    assertThat(keysOf("'slash':*")).containsExactly("4");
    for (String nothing :
        List.of("", " ", "?!…", "---", "\0", "' | '", ".".repeat(15_000), "\u0301")) {
      assertThat(keysOf(nothing)).as(nothing).isEmpty();
    }
    assertThat(keysOf("lone " + "other words ".repeat(50_000))).containsExactly("1");
  }
}
