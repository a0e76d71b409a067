package dev.weft.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** What Central demands of a POM, and what a consumer's Maven needs to make sense of it. */
final class PomMetadata {
  /** https://central.sonatype.org/publish/requirements/, "Sufficient Metadata". */
  private static final List<String> DEMANDED =
      List.of(
          "modelVersion",
          "groupId",
          "artifactId",
          "version",
          "name",
          "description",
          "url",
          "licenses/license/name",
          "licenses/license/url",
          "developers/developer/name",
          "scm/connection",
          "scm/developerConnection",
          "scm/url");

  private static final XPath PATHS = XPathFactory.newInstance().newXPath();

  private final Document document;
  private final String name;
  private final Findings findings;

  private PomMetadata(Document document, String name, Findings findings) {
    this.document = document;
    this.name = name;
    this.findings = findings;
  }

  static void check(StagedArtifact artifact, Findings findings) throws IOException {
    Path pom = artifact.pom();
    if (!Files.exists(pom)) {
      return; // missed already
    }
    try {
      Document document =
          DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
      new PomMetadata(document, pom.getFileName().toString(), findings).check(artifact);
    } catch (ParserConfigurationException | SAXException malformed) {
      findings.problem(pom.getFileName() + " is no XML: " + malformed.getMessage());
    }
  }

  private void check(StagedArtifact artifact) {
    for (String path : DEMANDED) {
      if (value(path).isBlank()) {
        findings.problem(name + " has no " + path);
      } else if (path.startsWith("scm/") || path.equals("url")) {
        mustBeWritten(path);
      }
    }
    mustBe("groupId", "dev.weft");
    mustBe("artifactId", artifact.artifactId());
    mustBe("version", artifact.version());
    // It is not published, and a POM that stands by itself needs none.
    mustBe("parent/artifactId", "");
    if (value("//*[contains(text(), '-SNAPSHOT')]").length() > 0) {
      findings.problem(name + " speaks of a snapshot");
    }
    if (value("//dependencies/dependency[not(version)]/artifactId").length() > 0) {
      findings.problem(name + " has a dependency without a version");
    }
  }

  private void mustBeWritten(String path) {
    if (value(path).contains("${")) {
      findings.problem(name + " has a property for " + path);
    }
  }

  private void mustBe(String path, String expected) {
    String found = value(path);
    if (!found.equals(expected)) {
      findings.problem(name + " has " + path + " \"" + found + "\", not \"" + expected + "\"");
    }
  }

  private String value(String path) {
    try {
      return PATHS.evaluate(path.startsWith("/") ? path : "/project/" + path, document).strip();
    } catch (XPathExpressionException impossible) {
      throw new IllegalStateException(path, impossible);
    }
  }
}
