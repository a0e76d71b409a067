package dev.weft.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that is deployed as the README says starts with an archive of classes that is good, and
 * just as well, and as quietly, with any other.
 */
@EnabledOnOs(OS.LINUX)
class StartScriptTest {
  private static final String ARCHIVE =
      Runtime.version().feature() >= 25 ? "echo-server.aot" : "echo-server.jsa";

  @TempDir static Path home;

  /** {@code start}, the server's jar and its libraries, and an archive, in a folder. */
  @BeforeAll
  static void deploy() throws Exception {
    Files.copy(Path.of("start"), home.resolve("start"));
    Path lib = Files.createDirectory(home.resolve("lib"));
    StringBuilder classPath = new StringBuilder();
    for (String entry : System.getProperty("java.class.path").split(":")) {
      Path path = Path.of(entry);
      if (path.endsWith("echo-server/target/test-classes") || !Files.exists(path)) {
        continue;
      }
      Path jar = lib.resolve(lib.toFile().list().length + ".jar");
      if (Files.isDirectory(path)) {
        pack(path, jar, new Manifest());
      } else {
        Files.copy(path, jar);
      }
      classPath.append("lib/").append(jar.getFileName()).append(' ');
    }
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath.toString());
    manifest.getMainAttributes().putValue("Enable-Native-Access", "ALL-UNNAMED");
    pack(Files.createDirectory(home.resolve("empty")), home.resolve("echo-server.jar"), manifest);
    Process making = start("", "--make-archive");
    assertThat(making.waitFor(ServerProcess.SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(text(making)).isEmpty();
    assertThat(making.exitValue()).isZero();
  }

  static void pack(Path folder, Path jar, Manifest manifest) throws IOException {
    manifest.getMainAttributes().putIfAbsent(Attributes.Name.MANIFEST_VERSION, "1.0");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(folder.relativize(path).toString()));
        Files.copy(path, out);
      }
    }
  }

  private static Process start(String javaOptions, String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(Stream.of("bash", home.resolve("start").toString()), Stream.of(arguments))
                .toList());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JAVA_OPTS", javaOptions);
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    return builder.redirectErrorStream(true).start();
  }

  static String text(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void theJarsAreOpenBeforeDescriptorsAreScarce() throws Exception {
    Process process = start("", "--port", "0", "--quiet");
    try {
      assertThat(process.inputReader().readLine()).startsWith("Server listening on ");
      List<String> jars = Stream.of(home.resolve("lib").toFile().list()).toList();
      await(() -> openFiles(process).containsAll(jars));
    } finally {
      process.destroyForcibly();
    }
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ServerProcess.SECONDS);
    while (!condition.call()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(20);
    }
  }

  /** The names, without folders, of the files that it holds open. */
  private static Set<String> openFiles(Process process) throws IOException {
    Set<String> names = new HashSet<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        try {
          names.add(Files.readSymbolicLink(descriptor).toFile().getName());
        } catch (NoSuchFileException closed) {
          // meanwhile
        }
      }
    }
    return names;
  }

  /** Serves one byte, is told to end, and has said nothing but that it listens. */
  private static void serves(String javaOptions) throws Exception {
    Process process = start(javaOptions, "--port", "0", "--quiet");
    try {
      String line = process.inputReader().readLine();
      assertThat(line).startsWith("Server listening on 127.0.0.1:");
      int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
        client.getOutputStream().write('x');
        assertThat(client.getInputStream().read()).isEqualTo('x');
      }
      process.toHandle().destroy();
      assertThat(process.waitFor(ServerProcess.SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(process.inputReader().lines()).isEmpty();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void theArchiveIsUsed() throws Exception {
    Path log = home.resolve("classes.log");
    serves("-Xlog:class+load:file=" + log);
    try (Stream<String> lines = Files.lines(log)) {
      assertThat(lines.filter(line -> line.contains(" dev.weft.echo.EchoHandler ")))
          .singleElement()
          .asString()
          .contains("shared objects file");
    }
  }

  @Test
  void anArchiveThatIsGoodIsNotMadeAnew() throws Exception {
    Object before = Files.getLastModifiedTime(home.resolve(ARCHIVE));
    Process making = start("", "--make-archive");
    assertThat(making.waitFor(ServerProcess.SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(making.exitValue()).isZero();
    assertThat(Files.getLastModifiedTime(home.resolve(ARCHIVE))).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:+UseG1GC",
        "-XX:+UseParallelGC -Xmx64m",
        "-XX:MaxRAMPercentage=20",
        "-Xshare:off"
      })
  void theUsersOptionsGoFirst(String options) throws Exception {
    serves(options);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"missing", "empty", "short", "of something else", "a folder", "of other jars"})
  void whateverTheArchiveIsItStarts(String what) throws Exception {
    Path archive = home.resolve(ARCHIVE);
    Path kept = home.resolve("kept");
    Files.move(archive, kept);
    Path someJar = home.resolve("lib/0.jar");
    FileTime time = Files.getLastModifiedTime(someJar);
    try {
      switch (what) {
        case "empty" -> Files.createFile(archive);
        case "short" -> Files.write(archive, Arrays.copyOf(Files.readAllBytes(kept), 100_000));
        case "of something else" -> Files.writeString(archive, "no archive ".repeat(10_000));
        case "a folder" -> Files.createDirectory(archive);
        case "of other jars" -> {
          Files.copy(kept, archive);
          Files.setLastModifiedTime(someJar, FileTime.fromMillis(0));
        }
        default -> assertThat(archive).doesNotExist();
      }
      serves("");
    } finally {
      Files.setLastModifiedTime(someJar, time);
      Files.deleteIfExists(archive);
      Files.move(kept, archive);
    }
  }
}
