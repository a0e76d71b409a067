package dev.weft.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** Central demands an MD5 and a SHA-1 file beside each file but signatures; more are allowed. */
final class Checksums {
  private static final Map<String, String> DEMANDED = Map.of(".md5", "MD5", ".sha1", "SHA-1");
  private static final Map<String, String> ALLOWED =
      Map.of(".sha256", "SHA-256", ".sha512", "SHA-512");

  private Checksums() {}

  static void check(Path file, Findings findings) throws IOException {
    for (Map.Entry<String, String> demanded : DEMANDED.entrySet()) {
      Path checksum = StagedArtifact.beside(file, demanded.getKey());
      if (!Files.exists(checksum)) {
        findings.problem(checksum.getFileName() + " is missing");
      } else {
        compare(file, checksum, demanded.getValue(), findings);
      }
    }
    for (Map.Entry<String, String> allowed : ALLOWED.entrySet()) {
      Path checksum = StagedArtifact.beside(file, allowed.getKey());
      if (Files.exists(checksum)) {
        compare(file, checksum, allowed.getValue(), findings);
      }
    }
  }

  private static void compare(Path file, Path checksum, String algorithm, Findings findings)
      throws IOException {
    String written = Files.readString(checksum, StandardCharsets.US_ASCII).strip();
    if (!written.equals(of(file, algorithm))) {
      findings.problem(checksum.getFileName() + " is not that of the file");
    }
  }

  private static String of(Path file, String algorithm) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("each JDK has " + algorithm, impossible);
    }
  }
}
