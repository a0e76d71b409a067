package dev.weft.weaver.agent;

import dev.weft.weaver.files.SmallProject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * A second agent, in the place of a debugger or a profiler: a program uses its {@code
 * other.Agent.instrumentation} to retransform or redefine classes.
 */
final class OtherAgent {
  private static final String SOURCE =
      """
      package other;
      import java.lang.instrument.ClassDefinition;
      import java.lang.instrument.Instrumentation;
      import java.nio.file.Files;
      import java.nio.file.Path;
      public class Agent {
        public static Instrumentation instrumentation;
        public static void premain(String options, Instrumentation i) { instrumentation = i; }
        /** What a debugger's hot swap does. */
        public static void redefine(Class<?> type, String file) throws Exception {
          byte[] bytes = Files.readAllBytes(Path.of(file));
          instrumentation.redefineClasses(new ClassDefinition(type, bytes));
        }
      }
      """;

  private OtherAgent() {}

  /** Compiles it into a project and packs it; the option that starts a JVM with it. */
  static String option(Path root, SmallProject project) throws IOException {
    project.compile("other/Agent", SOURCE);
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", "other.Agent");
    manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
    manifest.getMainAttributes().putValue("Can-Redefine-Classes", "true");
    Path jar = root.resolve("other.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      out.putNextEntry(new JarEntry("other/Agent.class"));
      out.write(Files.readAllBytes(project.classFile("other/Agent")));
    }
    return "-javaagent:" + jar;
  }
}
