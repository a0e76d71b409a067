package dev.weft.weaver;

import java.util.HashMap;
import java.util.Map;
import org.objectweb.asm.ClassReader;

/** The sizes of the methods of a class file, from its Code attributes: what HotSpot goes by. */
final class CodeSizes {
  /** HotSpot's {@code HugeMethodLimit}: it interprets a method with more bytes of code forever. */
  static final int HOTSPOT_LIMIT = 8000;

  private final ClassReader reader;
  private final char[] buffer;
  private final Map<String, Integer> sizes = new HashMap<>();

  CodeSizes(byte[] classFile) {
    reader = new ClassReader(classFile);
    buffer = new char[reader.getMaxStringLength()];
    // access, this, super, interfaces; then fields and methods, which are built alike
    int at = reader.header + 8 + 2 * reader.readUnsignedShort(reader.header + 6);
    at = members(at);
    members(at);
  }

  /** Bytes of code of a method; 0 if it has none. */
  int of(String name, String descriptor) {
    return sizes.getOrDefault(name + descriptor, 0);
  }

  private int members(int start) {
    int at = start + 2;
    for (int i = reader.readUnsignedShort(start); i > 0; i--) {
      String member = reader.readUTF8(at + 2, buffer) + reader.readUTF8(at + 4, buffer);
      int attributes = reader.readUnsignedShort(at + 6);
      at += 8;
      for (; attributes > 0; attributes--) {
        if ("Code".equals(reader.readUTF8(at, buffer))) {
          sizes.put(member, reader.readInt(at + 10)); // after name, length, max_stack, max_locals
        }
        at += 6 + reader.readInt(at + 2);
      }
    }
    return at;
  }
}
