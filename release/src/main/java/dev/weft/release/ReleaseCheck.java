package dev.weft.release;

import dev.weft.release.StagedArtifact.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the folder that {@code mvn -Prelease deploy} has filled: says what is there, fails if
 * Central would refuse it or a user could not use it, and packs it for Central if not.
 *
 * <p>What is published is listed here, and a second time in the BOM: a module that gets published
 * by mistake fails the release, and so does one that is forgotten.
 */
public final class ReleaseCheck {
  private static final String GROUP = "dev/weft";

  private final Path staging;
  private final String version;
  private final Instant timestamp;
  private final List<Path> baselines;
  private final @Nullable Path key;
  private final Findings findings = new Findings();

  /**
   * @param baselines the API's, of async-api, async-junit and async-http
   */
  ReleaseCheck(
      Path staging, String version, Instant timestamp, List<Path> baselines, @Nullable Path key) {
    this.staging = staging;
    this.version = version;
    this.timestamp = timestamp;
    this.baselines = baselines;
    this.key = key;
  }

  /** Takes the options that release/pom.xml passes. */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> options = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals > 0) {
        options.put(argument.substring(0, equals), argument.substring(equals + 1));
      }
    }
    Path staging = Path.of(required(options, "--staging")).toAbsolutePath().normalize();
    String key = required(options, "--key");
    ReleaseCheck check =
        new ReleaseCheck(
            staging,
            required(options, "--version"),
            Instant.parse(required(options, "--timestamp")),
            List.of(
                Path.of(required(options, "--baseline")),
                Path.of(required(options, "--junit-baseline")),
                Path.of(required(options, "--http-baseline"))),
            key.isEmpty() ? null : Path.of(key));
    Findings findings = check.run();
    System.out.println(staging);
    findings.facts().forEach(fact -> System.out.println("  " + fact));
    findings.problems().forEach(problem -> System.out.println("  WRONG: " + problem));
    if (!findings.problems().isEmpty()) {
      System.exit(1);
    }
    if (check.isSigned()) {
      Path bundle = Path.of(required(options, "--bundle")).toAbsolutePath().normalize();
      CentralBundle.write(staging, bundle);
      System.out.println("For Central: " + bundle);
    }
  }

  private static String required(Map<String, String> options, String name) {
    String value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + "= is missing; release/pom.xml passes it");
    }
    return value;
  }

  Findings run() throws IOException {
    List<StagedArtifact> published =
        List.of(
            artifact("async-api", Kind.MODULE),
            artifact("async-weaver", Kind.MODULE, "-agent.jar"),
            artifact("async-gradle", Kind.PLAIN),
            artifact("async-junit", Kind.MODULE),
            artifact("async-http", Kind.MODULE),
            artifact("weft-bom", Kind.POM));
    for (StagedArtifact artifact : published) {
      artifact.checkFiles(findings);
      PomMetadata.check(artifact, findings);
      JarContents.check(artifact, timestamp, findings);
    }
    checkNothingElse(published);
    ApiBaseline.check(published.get(0).jar(), baselines.get(0), findings);
    ApiBaseline.check(published.get(3).jar(), baselines.get(1), findings);
    ApiBaseline.check(published.get(4).jar(), baselines.get(2), findings);
    checkFiles(published);
    return findings;
  }

  private StagedArtifact artifact(String artifactId, Kind kind, String... extra) {
    Path folder = staging.resolve(GROUP).resolve(artifactId).resolve(version);
    return new StagedArtifact(folder, artifactId, version, kind, List.of(extra));
  }

  private void checkNothingElse(List<StagedArtifact> published) throws IOException {
    TreeSet<String> folders = new TreeSet<>();
    if (Files.isDirectory(staging)) {
      try (Stream<Path> all = Files.walk(staging)) {
        all.filter(Files::isRegularFile)
            .filter(file -> !file.getFileName().toString().startsWith("maven-metadata"))
            .forEach(file -> folders.add(file.resolveSibling("").toString()));
      }
    }
    published.forEach(artifact -> folders.remove(artifact.folder().toString()));
    if (!folders.isEmpty()) {
      findings.problem("not to be published, or of an earlier build (mvn clean): " + folders);
    }
  }

  private void checkFiles(List<StagedArtifact> published) throws IOException {
    List<Path> files =
        published.stream()
            .flatMap(artifact -> artifact.files().stream())
            .filter(Files::exists)
            .toList();
    for (Path file : files) {
      Checksums.check(file, findings);
    }
    if (!isSigned()) {
      findings.fact("NOT SIGNED: Central takes none of it, and no archive is made");
      return;
    }
    Signatures signatures = new Signatures(key, findings);
    for (Path file : files) {
      signatures.check(file);
    }
    signatures.sum();
  }

  /** The build signs all or, with {@code -Dgpg.skip}, nothing. */
  private boolean isSigned() throws IOException {
    try (Stream<Path> all = Files.walk(staging)) {
      return all.anyMatch(file -> file.toString().endsWith(".asc"));
    }
  }
}
