package dev.freshet.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.freshet.UnavailableException;
import dev.freshet.support.Models;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.store.embedding.CosineSimilarity;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MiniLmEmbeddingModelTest {

  private static final double SAME = 0.99999;

  private final EmbeddingModel model = Models.embeddingModel();

  @Test
  void shortTextsHaveTheVectorsOfLangChain4jsModel() {
    AllMiniLmL6V2EmbeddingModel reference = new AllMiniLmL6V2EmbeddingModel();
    List<String> texts =
        List.of(
            "Hello",
            "Title: Wireless headphones\n\nQuiet, with 30 hours of battery.",
            "Gewährleistung, café & naïve; x86-64 (12.50 €) 漢字 😀",
            Texts.words(new Random(1), 70));

    for (String text : texts) {
      assertThat(similarity(embed(text), reference.embed(text).content()))
          .as(text)
          .isGreaterThan(SAME);
    }
  }

  @Test
  void theLastWordOfTheLongestSegmentCounts() {
    String start = textOf(MiniLmEmbeddingModel.MAX_TOKENS - 1);
    AllMiniLmL6V2EmbeddingModel truncating = new AllMiniLmL6V2EmbeddingModel();

    double here = similarity(embed(start + " lamp"), embed(start + " garden"));
    double truncated =
        similarity(
            truncating.embed(start + " lamp").content(),
            truncating.embed(start + " garden").content());

    assertThat(Models.tokenCounter().estimateTokenCountInText(start + " lamp"))
        .isEqualTo(MiniLmEmbeddingModel.MAX_TOKENS);
    assertThat(here).isLessThan(SAME);
    assertThat(truncated).as("LangChain4j's own, which truncates").isGreaterThan(0.9999999);
  }

  @Test
  void theWordsAfterTheLimitCountToo() {
    String start = textOf(MiniLmEmbeddingModel.MAX_TOKENS);
    String lamps = " lamp".repeat(50);
    String gardens = " garden".repeat(50);

    assertThat(similarity(embed(start + lamps), embed(start + gardens))).isLessThan(0.999);
  }

  @Test
  void aTextOverTheLimitHasTheMeanOfItsWindows() {
    String first = textOf(MiniLmEmbeddingModel.MAX_TOKENS);
    String second = "garden camera lamp";

    float[] mean = new float[MiniLmEncoder.DIMENSION];
    Vectors.add(mean, embed(first).vector(), 254);
    Vectors.add(mean, embed(second).vector(), 3);

    assertThat(similarity(embed(first + " " + second), Embedding.from(mean))).isGreaterThan(SAME);
  }

  @Test
  void aBatchHasTheVectorsOfItsTextsInOrder() {
    List<String> texts = mixedTexts(new Random(2), 12);

    List<Embedding> batch = embedAll(texts).content();

    assertThat(batch).hasSameSizeAs(texts);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(similarity(batch.get(i), embed(texts.get(i)))).isGreaterThan(SAME);
    }
  }

  @Test
  void manyCallersAtOnceGetTheirOwnVectors() throws Exception {
    List<String> texts = mixedTexts(new Random(3), 6);
    List<Embedding> expected = texts.stream().map(this::embed).toList();
    ExecutorService callers = Executors.newFixedThreadPool(8);
    try {
      List<Future<List<Embedding>>> results = new ArrayList<>();
      for (int caller = 0; caller < 8; caller++) {
        results.add(callers.submit(() -> embedAll(texts).content()));
      }
      for (Future<List<Embedding>> result : results) {
        for (int i = 0; i < texts.size(); i++) {
          assertThat(similarity(result.get().get(i), expected.get(i))).isGreaterThan(SAME);
        }
      }
    } finally {
      callers.shutdown();
    }
  }

  @Test
  void vectorsHaveLengthOneAndTheDimension() {
    Embedding embedding = embed("Quiet motor");

    assertThat(embedding.dimension()).isEqualTo(384).isEqualTo(model.dimension());
    assertThat(similarity(embedding, embedding)).isCloseTo(1, within(0.00001));
    assertThat(length(embedding)).isCloseTo(1, within(0.00001));
  }

  @Test
  void tokensUsedAreThoseOfTheTexts() {
    assertThat(embedAll(List.of("quiet motor", "lamp")).tokenUsage()).isEqualTo(new TokenUsage(3));
  }

  @Test
  void noTextsHaveNoVectors() {
    assertThat(embedAll(List.of()).content()).isEmpty();
  }

  @Test
  void aTextWithoutTokensHasAVector() {
    Embedding embedding = model.embed("\u200b").content();

    assertThat(length(embedding)).isCloseTo(1, within(0.00001));
  }

  @Test
  void aWordTooLongForTheVocabularyIsReadToItsEnd() {
    String word = "abcdefghij".repeat(12);

    assertThat(similarity(embed(word + "lamp"), embed(word + "garden"))).isLessThan(SAME);
  }

  @Test
  void aClosedModelRefusesWithoutHarm() {
    MiniLmEmbeddingModel closed = new MiniLmEmbeddingModel(Models.tokenizer(), 2);
    closed.close();
    closed.close();

    assertThatThrownBy(() -> closed.embed("lamp")).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> closed.embedAll(segments(mixedTexts(new Random(4), 20))))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void closingDuringACallEndsItWithAnAnswerOrARefusal() throws Exception {
    MiniLmEmbeddingModel closed = new MiniLmEmbeddingModel(Models.tokenizer(), 2);
    List<TextSegment> segments = segments(mixedTexts(new Random(5), 100));
    ExecutorService caller = Executors.newSingleThreadExecutor();
    try {
      Future<Boolean> refused =
          caller.submit(
              () -> {
                try {
                  while (true) {
                    closed.embedAll(segments);
                  }
                } catch (UnavailableException e) {
                  return true;
                }
              });
      closed.close();
      assertThat(refused.get()).isTrue();
    } finally {
      caller.shutdown();
    }
  }

  /** A text of just so many tokens, the special ones included. */
  private static String textOf(int tokens) {
    String text = "bottle" + " steel bottle".repeat(tokens);
    String[] words = text.split(" ");
    return String.join(" ", List.of(words).subList(0, tokens - MiniLmTokenizer.SPECIAL_TOKENS));
  }

  private static List<String> mixedTexts(Random random, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Texts.words(random, 1 + random.nextInt(i % 10 == 0 ? 400 : 60)))
        .toList();
  }

  private Embedding embed(String text) {
    return model.embed(text).content();
  }

  private Response<List<Embedding>> embedAll(List<String> texts) {
    return model.embedAll(segments(texts));
  }

  private static List<TextSegment> segments(List<String> texts) {
    return texts.stream().map(TextSegment::from).toList();
  }

  private static double similarity(Embedding one, Embedding other) {
    return CosineSimilarity.between(one, other);
  }

  private static double length(Embedding embedding) {
    double squares = 0;
    for (float value : embedding.vector()) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }
}
