package dev.weft.weaver.gradle;

/**
 * The options, as a build script sets them: {@code weft { engine = 'direct' }}. They are those of
 * the Maven plugin, by the same names.
 */
public class WeaverExtension {
  private boolean skip;
  private boolean failOnError = true;
  private String engine = "auto";
  private boolean debug;
  private String diagnostics = "";

  /** Made by Gradle, with everything as it is by default. */
  public WeaverExtension() {}

  /** True to leave the classes alone; their awaits then throw. */
  public boolean isSkip() {
    return skip;
  }

  /** Sets whether the classes are left alone; not by default. */
  public void setSkip(boolean skip) {
    this.skip = skip;
  }

  /** Whether a class that cannot be woven fails the build. */
  public boolean isFailOnError() {
    return failOnError;
  }

  /** Sets whether a class that cannot be woven fails the build; by default it does. */
  public void setFailOnError(boolean failOnError) {
    this.failOnError = failOnError;
  }

  /** What lowers the methods. */
  public String getEngine() {
    return engine;
  }

  /** Sets what lowers the methods: {@code auto}, the default, or {@code ea} or {@code direct}. */
  public void setEngine(String engine) {
    this.engine = engine;
  }

  /** Whether every local in scope is kept alive across an await. */
  public boolean isDebug() {
    return debug;
  }

  /** Sets whether every local in scope is kept alive across an await, for a debugger to show. */
  public void setDebug(boolean debug) {
    this.debug = debug;
  }

  /** What becomes of warnings. */
  public String getDiagnostics() {
    return diagnostics;
  }

  /** Sets what becomes of warnings: {@code warnings=error,WEFT041=off}, for example. */
  public void setDiagnostics(String diagnostics) {
    this.diagnostics = diagnostics;
  }
}
