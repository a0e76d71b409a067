package dev.weft.weaver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.agent.ForkedJvm;
import dev.weft.weaver.files.SmallProject;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar needs nothing beside it, and brings nothing that could clash. */
class AgentJarIT {
  @TempDir Path root;

  @Test
  void itRunsByItself() throws Exception {
    SmallProject project = new SmallProject(root).compile("shop/Shop", SmallProject.SHOP);

    ForkedJvm jvm =
        ForkedJvm.run(
            root,
            "-jar",
            ForkedJvm.agentJar(),
            "weave",
            project.classes().toString(),
            "--engine=direct");

    assertThat(jvm.err()).isEmpty();
    assertThat(jvm.out())
        .containsExactly("wove 1 method (direct 1) in 1 class, 2 suspension points");
    assertThat(jvm.exitCode()).isZero();
  }

  @Test
  void itEndsWithTheExitCodes() throws Exception {
    SmallProject project = new SmallProject(root).compile("shop/Locked", SmallProject.LOCKED);
    String jar = ForkedJvm.agentJar();

    assertThat(ForkedJvm.run(root, "-jar", jar, "weave", project.classes().toString()).exitCode())
        .isEqualTo(1);
    assertThat(ForkedJvm.run(root, "-jar", jar, "unravel").exitCode()).isEqualTo(2);
  }

  @Test
  void everyClassInItIsInTheWeaversOwnPackage() throws Exception {
    try (JarFile jar = new JarFile(ForkedJvm.agentJar())) {
      assertThat(jar.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName))
          .allMatch(name -> name.startsWith("dev/weft/weaver/") || name.startsWith("META-INF/"))
          .noneMatch(name -> name.startsWith("dev/weft/weaver/maven/"))
          .doesNotHaveDuplicates()
          .contains(
              "META-INF/LICENSE",
              "META-INF/licenses/asm.txt",
              "META-INF/licenses/ea-async.txt",
              "META-INF/licenses/picocli.txt",
              "dev/weft/weaver/ea/original/Transformer.bin",
              "dev/weft/weaver/shaded/asm/ClassReader.class");
    }
  }

  @Test
  void itsManifestNamesTheDoors() throws Exception {
    try (JarFile jar = new JarFile(ForkedJvm.agentJar())) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertThat(manifest.getValue("Main-Class")).isEqualTo("dev.weft.weaver.cli.Main");
      assertThat(manifest.getValue("Premain-Class")).isEqualTo("dev.weft.weaver.agent.WeaverAgent");
      assertThat(manifest.getValue("Agent-Class")).isEqualTo("dev.weft.weaver.agent.WeaverAgent");
      assertThat(manifest.getValue("Can-Retransform-Classes")).isEqualTo("true");
    }
  }
}
