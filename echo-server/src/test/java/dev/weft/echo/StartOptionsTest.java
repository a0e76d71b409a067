package dev.weft.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An option that a JVM does not know keeps it from starting, so {@code start} asks who it is. */
@EnabledOnOs(OS.LINUX)
class StartOptionsTest {
  @TempDir Path home;

  /** A server's folder, and a JDK whose {@code java} prints what it is given. */
  @BeforeEach
  void make() throws IOException {
    Files.copy(Path.of("start"), home.resolve("start"));
    Files.createFile(home.resolve("echo-server.jar"));
    Path java = Files.createDirectories(home.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho \"$@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
  }

  private String options(String libc, String... release) throws Exception {
    Files.writeString(home.resolve("jdk/release"), String.join("\n", release) + "\n");
    ProcessBuilder builder = new ProcessBuilder("bash", home.resolve("start").toString());
    builder.environment().put("JAVA_HOME", home.resolve("jdk").toString());
    builder.environment().put("OSTYPE", libc); // bash takes it from there
    builder.environment().remove("JAVA_OPTS");
    Process process = builder.redirectErrorStream(true).start();
    String text = StartScriptTest.text(process);
    assertThat(process.waitFor(ServerProcess.SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(text).contains("-jar");
    return text;
  }

  @ParameterizedTest
  @CsvSource({
    "17.0.15, Debian, linux-gnu, true",
    "17.0.14, Debian, linux-gnu, false",
    "17, Eclipse Adoptium, linux-gnu, false",
    "18.0.2, Eclipse Adoptium, linux-gnu, false",
    "21.0.6, Eclipse Adoptium, linux-gnu, false",
    "21.0.7, Eclipse Adoptium, linux-gnu, true",
    "21.0.10, Eclipse Adoptium, linux-gnu, true",
    "21.0.9, Oracle Corporation, linux-gnu, false",
    "22.0.2, Eclipse Adoptium, linux-gnu, false",
    "25.0.3, Oracle Corporation, linux-gnu, true",
    "26, Eclipse Adoptium, linux-gnu, true",
    "25.0.3, Eclipse Adoptium, linux-musl, false"
  })
  void nativeMemoryIsGivenBackWhereTheJvmCan(
      String version, String vendor, String libc, boolean can) throws Exception {
    String text = options(libc, "JAVA_VERSION=\"" + version + '"', "IMPLEMENTOR=\"" + vendor + '"');
    assertThat(text.contains("-XX:TrimNativeHeapInterval=")).isEqualTo(can);
  }

  @ParameterizedTest
  @CsvSource({"JAVA_VERSION=\"25.0.3\", LIBC=\"musl\"", "JAVA_VERSION=\"17.0.6\", X=\"21.0.7\""})
  void notByOtherLinesThatLookLikeIt(String version, String other) throws Exception {
    assertThat(options("linux-gnu", version, other, "IMPLEMENTOR=\"X\""))
        .doesNotContain("TrimNative");
  }
}
