package dev.weft.node.host;

/** What a piece of work is called in reports: by the class whose code it is. */
public final class CodeName {
  private CodeName() {}

  /** For people. */
  public static String of(Class<?> origin) {
    String name = origin.getName();
    int lambda = name.indexOf("$$Lambda");
    return lambda < 0 ? name : "a lambda of " + name.substring(0, lambda);
  }
}
