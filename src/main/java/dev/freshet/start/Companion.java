package dev.freshet.start;

import java.util.List;
import java.util.Map;

/** What runs beside the service: begun before it, and ended after it. */
interface Companion extends AutoCloseable {

  /** Nothing. */
  Companion NONE =
      new Companion() {
        @Override
        public Map<String, Object> settings() {
          return Map.of();
        }

        @Override
        public List<Object> beans() {
          return List.of();
        }

        @Override
        public void serviceAnswers(int port) {}

        @Override
        public void close() {}
      };

  /** Settings that it decides; they come before all others. */
  Map<String, Object> settings();

  /** What it hands to the service. */
  List<Object> beans();

  /** Called once the service answers. */
  void serviceAnswers(int port);

  @Override
  void close();
}
