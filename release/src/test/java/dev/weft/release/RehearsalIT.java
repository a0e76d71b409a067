package dev.weft.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A release up to the upload, as "How to release" in CONTRIBUTING.md has it, of a copy of the
 * sources in which a version and addresses are written: one run of {@code mvn -Prelease deploy},
 * with what this build has compiled. What it has made stays in {@code release/target/rehearsal}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RehearsalIT {
  private static final Map<String, String> ADDRESSES =
      Map.of(
          "weft.url", "https://rehearsal.invalid/weft",
          "weft.scm.connection", "scm:git:https://rehearsal.invalid/weft.git",
          "weft.scm.developerConnection", "scm:git:ssh://git@rehearsal.invalid/weft.git",
          "weft.scm.url", "https://rehearsal.invalid/weft/tree");

  private static final Path FOLDER = Path.of("target/rehearsal").toAbsolutePath();
  private static final Path STAGING = FOLDER.resolve("target/staging");
  private static final Path KEY = FOLDER.resolve("key.asc");

  private String version;
  private Path baseline;
  private Path junitBaseline;
  private Path httpBaseline;
  private Instant timestamp;
  private String refusal;
  private String output;

  @BeforeAll
  void release() throws Exception {
    assumeTrue(
        Runtime.version().feature() == 17,
        "a release is built with JDK 17, and this is " + Runtime.version());
    assumeFalse(
        System.getProperty("rehearsal.settings").equals("offline=true"),
        "Maven's deploy plugin does nothing offline, not even into a folder");
    SourceCopy copy = SourceCopy.of(Path.of("..").toRealPath(), FOLDER);
    String unready = copy.unready(ADDRESSES.keySet()).toString();
    refusal = run(List.of("validate", "--non-recursive", "--file=" + unready), "");
    version = copy.releaseVersion();
    for (Map.Entry<String, String> address : ADDRESSES.entrySet()) {
      copy.set(address.getKey(), address.getValue());
    }
    timestamp = Instant.parse(copy.property("project.build.outputTimestamp"));
    baseline = FOLDER.resolve("async-api/api/" + copy.property("weft.api.line") + ".jar");
    ApiBaseline.write(FOLDER.resolve("async-api/target/classes"), baseline);
    junitBaseline = FOLDER.resolve("async-junit/api/" + copy.property("weft.api.line") + ".jar");
    ApiBaseline.write(FOLDER.resolve("async-junit/target/classes"), junitBaseline);
    httpBaseline = FOLDER.resolve("async-http/api/" + copy.property("weft.api.line") + ".jar");
    ApiBaseline.write(FOLDER.resolve("async-http/target/classes"), httpBaseline);
    ThrowawayKey key = ThrowawayKey.make();
    Files.writeString(KEY, key.published());
    output =
        run(
            List.of(
                "deploy",
                "--projects=release",
                "--also-make",
                "-Dmaven.test.skip",
                "-Dmaven.main.skip",
                "-Dspotless.check.skip",
                "-Dgpg.signer=bc",
                "-Dweft.release.key=" + KEY),
            key.secret());
  }

  private static String run(List<String> arguments, String key)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("rehearsal.maven"));
    command.addAll(List.of("--batch-mode", "--no-transfer-progress", "-Prelease"));
    command.add("-Dmaven.repo.local=" + System.getProperty("rehearsal.repository"));
    command.addAll(arguments);
    Path log = FOLDER.resolve("maven.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("MAVEN_GPG_KEY", key);
    builder.environment().remove("MAVEN_GPG_KEY_FINGERPRINT"); // of who makes a real release
    builder.environment().remove("MAVEN_GPG_PASSPHRASE");
    Process maven = builder.start();
    maven.getOutputStream().close();
    try {
      assertThat(maven.waitFor(9, TimeUnit.MINUTES)).as("Maven ends: %s", log).isTrue();
    } finally {
      maven.descendants().forEach(ProcessHandle::destroyForcibly);
      maven.destroyForcibly();
    }
    return Files.readString(log);
  }

  /** With all reasons at once, and what to do about each. */
  @Test
  void sourcesThatAreNotReadyAreRefused() {
    assertThat(refusal)
        .contains("BUILD FAILURE")
        .contains("-SNAPSHOT is no release. Set the version first")
        .contains("weft.url in pom.xml is empty")
        .contains("weft.scm.connection in pom.xml is empty")
        .contains("weft.scm.developerConnection in pom.xml is empty")
        .contains("weft.scm.url in pom.xml is empty");
  }

  @Test
  void theBuildStagesAndChecksAll() throws IOException {
    assertThat(output)
        .contains("BUILD SUCCESS")
        .contains("async-api: sources of ")
        .contains("async-weaver: Javadoc of ")
        .contains("async-gradle: Javadoc of ")
        .contains("async-junit: Javadoc of ")
        .contains("async-http: Javadoc of ")
        .contains("22 signatures verified")
        .contains("For Central: ");
    assertThat(check()).isEmpty();
  }

  @Test
  void theArchiveHasAllButMetadata() throws IOException {
    try (ZipFile zip = new ZipFile(FOLDER.resolve("target/central-bundle.zip").toFile())) {
      List<String> names = zip.stream().map(ZipEntry::getName).sorted().toList();
      String jar = "dev/weft/async-api/" + version + "/async-api-" + version + ".jar";
      assertThat(names).contains(jar, jar + ".asc", jar + ".md5", jar + ".sha1");
      assertThat(names).noneMatch(name -> name.contains("maven-metadata"));
      // Each of the 22 files with a signature and two checksums.
      assertThat(names).hasSize(22 * 4);
    }
  }

  @Test
  void aMissingFileIsMissed() throws IOException {
    Path sources = file("async-api", "-sources.jar");
    try (Changed ignored = new Changed(sources)) {
      Files.delete(sources);
      assertThat(check()).contains("async-api-" + version + "-sources.jar is missing");
    }
  }

  @Test
  void aChangedFileHasNeitherItsChecksumNorItsSignature() throws IOException {
    Path pom = file("weft-bom", ".pom");
    try (Changed ignored = new Changed(pom)) {
      Files.writeString(pom, Files.readString(pom) + "\n");
      assertThat(check())
          .containsExactlyInAnyOrder(
              "weft-bom-" + version + ".pom.md5 is not that of the file",
              "weft-bom-" + version + ".pom.sha1 is not that of the file",
              "weft-bom-" + version + ".pom.asc is not that of the file");
    }
  }

  @Test
  void aPomWithoutWhatCentralDemandsIsRefused() throws IOException {
    Path pom = file("async-weaver", ".pom");
    try (Changed ignored = new Changed(pom)) {
      Files.writeString(
          pom,
          Files.readString(pom)
              .replace("https://rehearsal.invalid/weft/tree", "")
              .replace("<name>The maintainers of Weft</name>", ""));
      assertThat(check())
          .contains(
              "async-weaver-" + version + ".pom has no scm/url",
              "async-weaver-" + version + ".pom has no developers/developer/name");
    }
  }

  @Test
  void aJarWithTheTimeOfItsBuildIsRefused() throws IOException {
    Path jar = file("async-api", "-javadoc.jar");
    try (Changed ignored = new Changed(jar)) {
      byte[] page;
      try (ZipFile zip = new ZipFile(jar.toFile());
          InputStream index = zip.getInputStream(zip.getEntry("index.html"))) {
        page = index.readAllBytes();
      }
      try (OutputStream file = Files.newOutputStream(jar);
          ZipOutputStream zip = new ZipOutputStream(file)) {
        zip.putNextEntry(new ZipEntry("index.html")); // now
        zip.write(page);
      }
      assertThat(check())
          .anyMatch(problem -> problem.contains("-javadoc.jar was not built reproducibly"))
          .anyMatch(problem -> problem.contains("-javadoc.jar lacks"));
    }
  }

  @Test
  void whatIsNotPublishedIsNoticed() throws IOException {
    Path stray = STAGING.resolve("dev/weft/perf/" + version + "/perf-" + version + ".jar");
    Files.createDirectories(stray.getParent());
    Files.writeString(stray, "");
    try {
      assertThat(check()).anyMatch(problem -> problem.startsWith("not to be published"));
    } finally {
      Files.delete(stray);
    }
  }

  @Test
  void theBaselineHasToBeOfThisRelease() throws IOException {
    try (Changed ignored = new Changed(baseline)) {
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(baseline))) {
        zip.putNextEntry(new ZipEntry("dev/weft/Gone.class"));
      }
      assertThat(check())
          .singleElement()
          .asString()
          .contains("is not the API of this release", "dev/weft/Gone", "dev/weft/Async.class");
    }
  }

  /** What a consumer's Maven reads of the BOM: Weft's versions and nobody else's. */
  @Test
  void theBomManagesWeftAlone() throws IOException {
    String bom = Files.readString(file("weft-bom", ".pom"), StandardCharsets.UTF_8);
    assertThat(bom)
        .contains("async-api", "async-weaver", "async-gradle", "async-junit", "async-http")
        .doesNotContain("netty", "org.junit", "<parent");
  }

  private Path file(String artifactId, String suffix) {
    return STAGING.resolve(
        "dev/weft/" + artifactId + "/" + version + "/" + artifactId + "-" + version + suffix);
  }

  private List<String> check() throws IOException {
    List<Path> baselines = List.of(baseline, junitBaseline, httpBaseline);
    return new ReleaseCheck(STAGING, version, timestamp, baselines, KEY).run().problems();
  }

  /** Puts a file back as it was. */
  private record Changed(Path file, byte[] before) implements AutoCloseable {
    Changed(Path file) throws IOException {
      this(file, Files.readAllBytes(file));
    }

    @Override
    public void close() throws IOException {
      Files.write(file, before);
    }
  }
}
