package dev.weft.weaver.tasks.attach;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** The jar that this command comes from, which is an agent as well. */
public final class OwnJar {
  private OwnJar() {}

  /**
   * Finds it.
   *
   * @throws IOException if these classes are not from a jar
   */
  public static Path find() throws IOException {
    CodeSource source = OwnJar.class.getProtectionDomain().getCodeSource();
    try {
      Path path = source == null ? null : Path.of(source.getLocation().toURI());
      if (path != null && Files.isRegularFile(path)) {
        return path.toAbsolutePath();
      }
    } catch (URISyntaxException | RuntimeException e) {
      throw new IOException("cannot tell which jar this command comes from: " + e.getMessage(), e);
    }
    throw new IOException("this command needs its own jar: run java -jar async-weaver-agent.jar");
  }
}
