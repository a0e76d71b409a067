package dev.weft.weaver.files;

import static dev.weft.weaver.files.FrameFiles.CLASS_FILE;

import dev.weft.weaver.CallsBetween;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Weaves the classes of a jar, in place. A jar in which nothing changes is not written. All other
 * entries keep their place, their time and their way of compression: jars within jars must stay
 * uncompressed for those who run from them.
 */
public final class JarWeaver {
  /** What makes a jar a signed one, by the JDK's rule, which knows no case. */
  private static final Pattern SIGNATURE =
      Pattern.compile("META-INF/([^/]+\\.(SF|RSA|DSA|EC)|SIG-[^/]+)", Pattern.CASE_INSENSITIVE);

  private final BiFunction<byte[], CallsBetween, WeaveResult> weaver;

  /**
   * @param weaver one that writes {@linkplain dev.weft.weaver.FrameMode#CLASS_FILES class files}
   */
  public JarWeaver(Weaver weaver) {
    this.weaver = weaver::weave;
  }

  JarWeaver(Function<byte[], WeaveResult> weaver) {
    this.weaver = (bytes, calls) -> weaver.apply(bytes);
  }

  /**
   * Weaves a jar. A class with diagnostics is left as it is, the others are woven.
   *
   * @throws IOException if the jar cannot be read or written, or is signed
   */
  public WeaveSummary weave(Path file) throws IOException {
    WeaveSummary summary = new WeaveSummary();
    try (ZipFile jar = new ZipFile(file.toFile())) {
      Map<String, byte[]> changed = weaveEntries(file, jar, summary);
      Set<String> stale = staleFrames(jar, changed);
      if (!changed.isEmpty() || !stale.isEmpty()) {
        refuseIfSigned(jar);
        Replacement.write(file, out -> rewrite(jar, changed, stale, out));
      }
    }
    return summary;
  }

  /** New content by entry name; the frame classes of a class come before it. */
  private Map<String, byte[]> weaveEntries(Path file, ZipFile jar, WeaveSummary summary)
      throws IOException {
    Map<String, byte[]> changed = new LinkedHashMap<>();
    CallsBetween calls = new CallsBetween();
    for (ZipEntry entry : entries(jar)) {
      if (entry.getName().endsWith(CLASS_FILE)) {
        calls.addThoseOf(read(jar, entry));
      }
    }
    for (ZipEntry entry : entries(jar)) {
      String name = entry.getName();
      if (!name.endsWith(CLASS_FILE)) {
        continue;
      }
      byte[] compiled = read(jar, entry);
      if (FrameFiles.mayBeFrame(name) && FrameFiles.isFrame(compiled)) {
        continue;
      }
      WeaveResult result = weaver.apply(compiled, calls);
      summary.add(DirectoryWeaver.ofFile(file + "!/" + name, result));
      byte[] woven = result.bytes();
      if (woven != null) {
        String folder = name.substring(0, name.lastIndexOf('/') + 1);
        result
            .frames()
            .forEach(
                (frame, bytes) ->
                    changed.put(
                        folder + frame.substring(frame.lastIndexOf('/') + 1) + CLASS_FILE, bytes));
        changed.put(name, woven);
      }
    }
    return changed;
  }

  private static Set<String> staleFrames(ZipFile jar, Map<String, byte[]> changed)
      throws IOException {
    Set<String> stale = new HashSet<>();
    for (ZipEntry entry : entries(jar)) {
      String name = entry.getName();
      if (FrameFiles.mayBeFrame(name)
          && !changed.containsKey(name)
          && FrameFiles.isStale(
              name,
              read(jar, entry),
              outer -> changed.containsKey(outer) ? changed.get(outer) : readIfThere(jar, outer))) {
        stale.add(name);
      }
    }
    return stale;
  }

  private static void rewrite(
      ZipFile jar, Map<String, byte[]> changed, Set<String> stale, OutputStream to)
      throws IOException {
    ZipOutputStream out = new ZipOutputStream(to);
    out.setComment(jar.getComment());
    Map<String, byte[]> added = new LinkedHashMap<>(changed);
    for (ZipEntry entry : entries(jar)) {
      String name = entry.getName();
      if (!stale.contains(name)) {
        added.remove(name);
        byte[] content = changed.containsKey(name) ? changed.get(name) : read(jar, entry);
        put(out, entry, content);
      }
    }
    for (Map.Entry<String, byte[]> frame : added.entrySet()) {
      ZipEntry entry = new ZipEntry(frame.getKey());
      entry.setTimeLocal(LocalDateTime.of(1980, 2, 1, 0, 0)); // the same jar every time
      put(out, entry, frame.getValue());
    }
    out.finish();
  }

  private static void put(ZipOutputStream out, ZipEntry like, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(like);
    if (entry.getMethod() == ZipEntry.STORED) {
      CRC32 crc = new CRC32();
      crc.update(content);
      entry.setCrc(crc.getValue());
      entry.setSize(content.length);
      entry.setCompressedSize(content.length);
    } else {
      entry.setCompressedSize(-1);
    }
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
  }

  private static void refuseIfSigned(ZipFile jar) throws IOException {
    for (ZipEntry entry : entries(jar)) {
      if (SIGNATURE.matcher(entry.getName()).matches()) {
        throw new IOException(
            "it is signed (" + entry.getName() + "); weave it before it is signed");
      }
    }
  }

  private static List<? extends ZipEntry> entries(ZipFile jar) {
    return jar.stream().toList();
  }

  private static byte[] read(ZipFile jar, ZipEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  private static byte @Nullable [] readIfThere(ZipFile jar, String name) {
    try {
      ZipEntry entry = jar.getEntry(name);
      return entry == null ? null : read(jar, entry);
    } catch (IOException e) {
      return null;
    }
  }
}
