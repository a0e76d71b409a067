package dev.weft.inspect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The page: one file with its style and its script in it, put together of the three that it is
 * written in; and the policy by which a browser runs that script and no other, named by its hash.
 */
final class PageText {
  /** Read once for all inspectors, when the first page is asked for. */
  private static final class Once {
    static final PageText TEXT = read();
  }

  final byte[] html;

  /** The value of {@code Content-Security-Policy}. */
  final String policy;

  private PageText(String html, String style, String script) {
    this.html =
        html.replace("/*style*/", style)
            .replace("/*script*/", script)
            .getBytes(StandardCharsets.UTF_8);
    this.policy =
        "default-src 'none'; script-src '"
            + hash(script)
            + "'; style-src '"
            + hash(style)
            + "'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
  }

  static PageText get() {
    return Once.TEXT;
  }

  private static PageText read() {
    return new PageText(
        resource("inspector.html"), resource("inspector.css"), resource("inspector.js"));
  }

  private static String resource(String name) {
    try (InputStream in = PageText.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing beside " + PageText.class.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException impossible) { // every Java platform has it
      throw new IllegalStateException(impossible);
    }
  }
}
