package dev.weft.weaver.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A jar is woven in place, and what is not woven in it stays as it is. */
class JarWeaverTest {
  private static final WeaverOptions OPTIONS = WeaverOptions.DEFAULT.withEngine(Engine.DIRECT);

  @TempDir Path root;

  private SmallProject project;
  private Path jar;

  @BeforeEach
  void project() {
    project = new SmallProject(root);
    project.compile("shop/Shop", SmallProject.SHOP).compile("shop/Plain", SmallProject.PLAIN);
    jar = root.resolve("shop.jar");
  }

  private WeaveSummary weave() throws IOException {
    return new JarWeaver(new Weaver(name -> null, FrameMode.CLASS_FILES, OPTIONS)).weave(jar);
  }

  private byte[] compiled(String internalName) throws IOException {
    return Files.readAllBytes(project.classFile(internalName));
  }

  private static void put(ZipOutputStream out, String name, byte[] content) throws IOException {
    out.putNextEntry(new ZipEntry(name));
    out.write(content);
    out.closeEntry();
  }

  private static void store(ZipOutputStream out, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setCrc(crc.getValue());
    entry.setSize(content.length);
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
  }

  private List<String> names() throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream().map(ZipEntry::getName).toList();
    }
  }

  private byte[] read(String name) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.getInputStream(zip.getEntry(name)).readAllBytes();
    }
  }

  private void jar(String prefix) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream out = new ZipOutputStream(file)) {
      put(out, "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n".getBytes(StandardCharsets.UTF_8));
      put(out, prefix + "shop/Shop.class", compiled("shop/Shop"));
      put(out, prefix + "shop/Plain.class", compiled("shop/Plain"));
      store(out, "lib/inner.jar", new byte[] {1, 2, 3});
    }
  }

  @Test
  void itsClassesAreWovenAndTheRestIsKept() throws IOException {
    jar("");

    assertThat(weave()).hasToString("wove 1 method (direct 1) in 1 class, 2 suspension points");

    assertThat(names())
        .containsExactly(
            "META-INF/MANIFEST.MF",
            "shop/Shop.class",
            "shop/Plain.class",
            "lib/inner.jar",
            "shop/Shop$weft$buy.class");
    assertThat(read("shop/Shop.class")).isNotEqualTo(compiled("shop/Shop"));
    assertThat(read("shop/Plain.class")).isEqualTo(compiled("shop/Plain"));
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      assertThat(zip.getEntry("lib/inner.jar").getMethod()).isEqualTo(ZipEntry.STORED);
    }
  }

  @Test
  void framesAreBesideTheirClassUnderAnyPrefix() throws IOException {
    jar("META-INF/versions/17/");

    weave();

    assertThat(names()).contains("META-INF/versions/17/shop/Shop$weft$buy.class");
  }

  @Test
  void theSecondTimeItIsNotWritten() throws IOException {
    jar("");
    weave();
    byte[] woven = Files.readAllBytes(jar);
    Files.setLastModifiedTime(jar, java.nio.file.attribute.FileTime.fromMillis(0));

    assertThat(weave()).hasToString("nothing to weave");

    assertThat(Files.readAllBytes(jar)).isEqualTo(woven);
    assertThat(Files.getLastModifiedTime(jar).toMillis()).isZero();
  }

  @Test
  void aFrameWhoseClassWasReplacedIsDropped() throws IOException {
    jar("");
    weave();
    byte[] frame = read("shop/Shop$weft$buy.class");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      put(out, "shop/Plain.class", compiled("shop/Plain"));
      put(out, "shop/Shop$weft$buy.class", frame);
    }

    weave();

    assertThat(names()).containsExactly("shop/Plain.class");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "META-INF/SHOP.SF",
        "meta-inf/shop.sf",
        "Meta-Inf/Shop.Sf",
        "META-INF/SHOP.RSA",
        "meta-inf/shop.dsa",
        "META-INF/shop.ec",
        "meta-inf/sig-shop"
      })
  void aSignedJarIsRefused(String signature) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      put(out, signature, new byte[0]);
      put(out, "shop/Shop.class", compiled("shop/Shop"));
    }
    byte[] before = Files.readAllBytes(jar);

    assertThatThrownBy(this::weave)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("signed")
        .hasMessageContaining(signature);

    assertThat(Files.readAllBytes(jar)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"META-INF/x/SHOP.SF", "META-INF/SHOP.SF.txt", "shop/SHOP.SF"})
  void whatOnlyLooksLikeASignatureIsKept(String file) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      put(out, file, new byte[0]);
      put(out, "shop/Shop.class", compiled("shop/Shop"));
    }

    weave();

    assertThat(names()).contains(file, "shop/Shop$weft$buy.class");
  }

  @Test
  void aClassThatCannotBeReadIsNamed() throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      put(out, "shop/Broken.class", new byte[] {1});
    }

    assertThat(weave().diagnostics())
        .singleElement()
        .extracting(diagnostic -> diagnostic.file())
        .isEqualTo(jar + "!/shop/Broken.class");
  }
}
