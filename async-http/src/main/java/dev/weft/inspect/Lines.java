package dev.weft.inspect;

/** Lines of stacks as people read them. */
final class Lines {
  /** What the weaver puts before the name of a method that holds the body of an async one. */
  private static final String WOVEN_BODY = "lambda$async$";

  /** Stands in place of a class loader where a line is an await. */
  private static final String AWAIT = "await";

  private Lines() {}

  /** Without the names of its loader and module, and with that of the method in the source. */
  static String of(StackTraceElement element) {
    String method = element.getMethodName();
    return new StackTraceElement(
            element.getClassName(),
            method.startsWith(WOVEN_BODY) ? method.substring(WOVEN_BODY.length()) : method,
            element.getFileName(),
            element.getLineNumber())
        .toString();
  }

  /** The same, but a line of a spawn keeps the task's name, which is in the place of a loader's. */
  static String withTask(StackTraceElement element) {
    String loader = element.getClassLoaderName();
    return loader == null || loader.equals(AWAIT) || loader.equals("app")
        ? of(element)
        : element.toString();
  }
}
