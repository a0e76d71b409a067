package dev.weft.weaver.agent;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** Has a helper process attach the agent to this JVM. */
final class SelfAttach {
  private static final int HELPER_SECONDS =
      60; // guessed: it takes half a second on an idle machine

  private SelfAttach() {}

  static void attach() {
    Path jar = ownJar();
    refuseIfDisabled();
    String trouble;
    try {
      trouble = runHelper(jar);
    } catch (IOException e) {
      throw failure("the helper process could not be started: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("the thread was interrupted", e);
    }
    if (trouble != null) {
      throw failure(trouble, null);
    }
  }

  /** Runs the helper; null if it went well, or else what it said. */
  private static @Nullable String runHelper(Path jar) throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder builder =
        new ProcessBuilder(
            java.toString(),
            "-cp",
            jar.toString(),
            Attacher.class.getName(),
            Long.toString(ProcessHandle.current().pid()),
            jar.toString());
    // Options meant for the application: its debugger's port, perhaps, or this agent again.
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    File answer = File.createTempFile("weft-attach", ".txt");
    try {
      Process helper = builder.redirectErrorStream(true).redirectOutput(answer).start();
      helper.getOutputStream().close();
      try {
        if (!helper.waitFor(HELPER_SECONDS, TimeUnit.SECONDS)) {
          return "the helper process did not end within " + HELPER_SECONDS + " s";
        }
      } finally {
        helper.destroyForcibly();
      }
      if (helper.exitValue() == 0) {
        return null;
      }
      String said = Files.readString(answer.toPath(), Charset.defaultCharset()).strip();
      return said.isEmpty() ? "the helper process ended with " + helper.exitValue() : said;
    } finally {
      answer.delete();
    }
  }

  /**
   * The jar this class comes from, which must be the self-contained one: it is loaded by itself in
   * the JVM's system class loader.
   */
  private static Path ownJar() {
    CodeSource source = SelfAttach.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw failure("the JVM does not say which jar the agent comes from", null);
    }
    try {
      Path path = Path.of(source.getLocation().toURI());
      if (path.toFile().isFile()) {
        try (JarFile jar = new JarFile(path.toFile())) {
          Manifest manifest = jar.getManifest();
          if (manifest != null && manifest.getMainAttributes().getValue("Agent-Class") != null) {
            return path;
          }
        }
      }
    } catch (IOException | URISyntaxException | RuntimeException e) {
      throw failure("cannot read the jar at " + source.getLocation() + ": " + e.getMessage(), e);
    }
    throw failure(
        source.getLocation()
            + " is not async-weaver-agent.jar; depend on dev.weft:async-weaver with the classifier"
            + " 'agent'",
        null);
  }

  /** Attaching to a JVM that has it disabled ends only after a timeout; so ask before. */
  private static void refuseIfDisabled() {
    if (isSet("DisableAttachMechanism", "true")) {
      throw failure("it runs with -XX:+DisableAttachMechanism", null);
    }
    if (isSet("EnableDynamicAgentLoading", "false")) {
      throw failure("it runs with -XX:-EnableDynamicAgentLoading", null);
    }
  }

  private static boolean isSet(String flag, String value) {
    try {
      HotSpotDiagnosticMXBean jvm =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return jvm != null && jvm.getVMOption(flag).getValue().equals(value);
    } catch (IllegalArgumentException | LinkageError e) {
      return false; // another JVM, or one without the management modules: the helper will find out
    }
  }

  private static IllegalStateException failure(String reason, @Nullable Throwable cause) {
    return new IllegalStateException(
        "cannot attach the weaver to this JVM: "
            + reason
            + ". Start it with -javaagent:async-weaver-agent.jar, or weave when building",
        cause);
  }
}
