package dev.weft.weaver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.weaver.agent.ForkedJvm;
import dev.weft.weaver.files.SmallProject;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ant's build of docs/builds.md weaves. Needs an ant on the PATH. */
class AntBuildIT {
  private static final int SECONDS = 240;

  @TempDir Path root;

  private static Optional<Path> ant() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "ant"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @Test
  void itWeavesWhatItHasCompiled() throws Exception {
    Optional<Path> ant = ant();
    assumeTrue(ant.isPresent(), "there is no ant on the PATH to build with");
    Files.copy(Path.of("builds", "ant", "build.xml"), root.resolve("build.xml"));
    Path source = root.resolve(Path.of("src", "shop", "Shop.java"));
    Files.createDirectories(source.getParent());
    Files.writeString(source, SmallProject.SHOP);
    Path output = root.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                ant.get().toString(),
                "-Dweft.api=" + SmallProject.asyncApi(),
                "-Dweft.weaver=" + ForkedJvm.agentJar())
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().remove("JAVA_HOME"); // the machine's own JDK, as for Ant's other builds
    Process process = builder.start();
    boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();

    String said = Files.readString(output);
    assumeFalse(
        said.contains("Error occurred during initialization of VM"),
        "this ant does not run on the JDK of this machine: it asks for a security manager");
    assumeFalse(
        said.contains("JAVA_HOME is not defined correctly") || said.contains("has wrong version"),
        () -> "this ant finds no JDK from 17 on: " + said);
    assertThat(ended).as(Files.readString(output)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    assertThat(output).content().contains("wove 1 method (EA Async 1) in 1 class");
    assertThat(root.resolve("build/classes/shop/Shop$weft$buy.class")).exists();
  }
}
