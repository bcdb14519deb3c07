package dev.freshet;

import java.lang.reflect.InvocationTargetException;

/**
 * Starts Freshet, or says that this Java is too old for it. Compiled for Java 8, which reads no
 * class of the others: so it names none of them.
 */
public final class Launcher {

  private static final int NEEDED = 17;
  private static final int FAILED = 1;

  private Launcher() {}

  public static void main(String[] arguments) throws ReflectiveOperationException {
    String refusal = refusal(System.getProperty("java.specification.version", ""));
    if (refusal != null) {
      System.err.println("freshet: " + refusal);
      System.exit(FAILED);
    }
    try {
      Class.forName("dev.freshet.Application")
          .getMethod("main", String[].class)
          .invoke(null, (Object) arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("Freshet ended by an exception", e.getCause());
    }
  }

  /**
   * What keeps Freshet from running on this Java.
   *
   * @param version as {@code java.specification.version} has it: {@code 1.8}, {@code 11}, {@code
   *     17}
   * @return null where nothing does
   */
  static String refusal(String version) {
    String[] parts = version.split("\\.");
    try {
      int major = Integer.parseInt(parts[0].equals("1") && parts.length > 1 ? parts[1] : parts[0]);
      return major >= NEEDED
          ? null
          : "This is Java " + major + "; Freshet needs Java " + NEEDED + " or newer";
    } catch (NumberFormatException e) {
      // A Java that names itself otherwise is newer than this class.
      return null;
    }
  }
}
