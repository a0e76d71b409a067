package dev.weft.weaver.scan;

import dev.weft.weaver.Names;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Decides from a class file's constant pool alone whether the weaver has any business with it. Most
 * classes have none, and cost no more than this: one pass over the pool that notes where each
 * constant stands and compares bytes, and makes no string. An agent does it to every class that the
 * JVM loads, so nothing here may load ASM.
 */
public final class ConstantPoolScan {
  /** The oldest class file version that must carry stack maps: Java 7. */
  public static final int OLDEST_VERSION = 51;

  private static final int MAGIC = 0xCAFEBABE;
  private static final int POOL = 10; // where the first constant stands

  /** What the shortest constant takes: a tag and an index, or a tag and the length 0. */
  private static final int SHORTEST_CONSTANT = 3;

  private static final int TEXT = 1;
  private static final int CLASS = 7;
  private static final int METHOD = 10;
  private static final int INTERFACE_METHOD = 11;
  private static final int NAME_AND_TYPE = 12;

  private static final byte[] ASYNC = ascii(Names.ASYNC);
  private static final byte[] EA_ASYNC = ascii(Names.EA_ASYNC);
  private static final byte[] AWAIT = ascii(Names.AWAIT);
  private static final byte[] EA_INIT = ascii(Names.EA_INIT);
  private static final byte[] ASYNC_TEST = ascii(Names.ASYNC_TEST_DESC);
  private static final byte[] STREAM = ascii(Names.STREAM);
  private static final byte[] EMIT = ascii(Names.EMIT);
  private static final byte[] END = ascii(Names.END);
  private static final byte[] CLOSE = ascii(Names.CLOSE);
  private static final byte[] CLOSE_DESC = ascii(Names.CLOSE_DESC);
  private static final byte[] BARE_LINK = ascii(Names.BARE_LINK);
  private static final byte[] JDK = ascii("java/");

  private final byte[] bytes;
  private final int version;

  /** By index in the pool, where the constant's tag stands; 0 for none. */
  private final int[] constants;

  private final int thisClass;
  private final boolean mentionsAwait;
  private final boolean mentionsTest;
  private final boolean mentionsClose;

  private ConstantPoolScan(byte[] classFile) throws IOException {
    bytes = classFile;
    if (bytes.length < 4 || (u2(0) << 16 | u2(2)) != MAGIC) {
      throw new IOException("it does not start with 0xCAFEBABE");
    }
    if (bytes.length < POOL) {
      throw new IOException("it ends before its constant pool");
    }
    version = u2(6);
    int size = u2(8);
    if ((size - 1) * SHORTEST_CONSTANT > bytes.length - POOL) { // before memory is taken for it
      throw endsEarly();
    }
    constants = new int[size];
    boolean namesAsync = false;
    boolean namesTest = false;
    int at = POOL;
    for (int i = 1; i < size; i++) {
      if (at + SHORTEST_CONSTANT > bytes.length) {
        throw endsEarly();
      }
      constants[i] = at;
      namesAsync |= bytes[at] == TEXT && isOneOfOurs(at);
      namesTest |= bytes[at] == TEXT && isText(at, ASYNC_TEST);
      if (bytes[at] == 5 || bytes[at] == 6) {
        i++; // a long or double takes up two places
      }
      at += length(at, i);
    }
    if (at + 4 > bytes.length) {
      throw endsEarly();
    }
    thisClass = u2(at + 2);
    mentionsAwait = namesAsync && refersToAwait();
    mentionsTest = namesTest;
    mentionsClose = refersToClose();
  }

  private boolean isOneOfOurs(int text) {
    return isText(text, ASYNC) || isText(text, EA_ASYNC) || isText(text, STREAM);
  }

  /**
   * Reads the constant pool of a class file.
   *
   * @throws IOException if the bytes are not a class file; its message says why
   */
  public static ConstantPoolScan of(byte[] classFile) throws IOException {
    return new ConstantPoolScan(classFile);
  }

  private static IOException endsEarly() {
    return new IOException("it ends in the middle of its constant pool");
  }

  private int length(int at, int index) throws IOException {
    return switch (bytes[at]) {
      case 1 -> SHORTEST_CONSTANT + u2(at + 1);
      case 7, 8, 16, 19, 20 -> 3;
      case 15 -> 4;
      case 3, 4, 9, 10, 11, 12, 17, 18 -> 5;
      case 5, 6 -> 9;
      default ->
          throw new IOException("constant " + index + " has the unknown tag " + (bytes[at] & 0xFF));
    };
  }

  /** The class file's major version. */
  public int version() {
    return version;
  }

  /** The class's internal name, or the empty string if the constant pool is damaged. */
  public String className() {
    int text = classText(thisClass);
    if (text == 0) {
      return "";
    }
    try {
      int length = u2(text + 1) + 2;
      return new DataInputStream(new ByteArrayInputStream(bytes, text + 1, length)).readUTF();
    } catch (IOException malformed) {
      return "";
    }
  }

  /**
   * True if some code or method handle of the class may refer to an await, to what a generator
   * calls, or to EA's init.
   */
  public boolean mentionsAwait() {
    return mentionsAwait;
  }

  /** True if the class may have an {@code @AsyncTest}, whether it awaits or not. */
  public boolean mentionsTest() {
    return mentionsTest;
  }

  /** True if some code may close what is closed by awaiting, and is not the JDK's. */
  public boolean mentionsClose() {
    return mentionsClose;
  }

  /** True if the class is woven, and has calls that are linked when they first run. */
  public boolean mentionsLinkedCall() {
    for (int at : constants) {
      if (at != 0 && bytes[at] == TEXT && isText(at, BARE_LINK)) {
        return true;
      }
    }
    return false;
  }

  private boolean refersToClose() {
    for (int at : constants) {
      if (at != 0 && (bytes[at] == METHOD || bytes[at] == INTERFACE_METHOD)) {
        int nameAndType = constant(u2(at + 3), NAME_AND_TYPE);
        if (nameAndType != 0
            && isText(constant(u2(nameAndType + 1), TEXT), CLOSE)
            && isText(constant(u2(nameAndType + 3), TEXT), CLOSE_DESC)
            && !startsWith(classText(u2(at + 1)), JDK)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean refersToAwait() {
    for (int at : constants) {
      if (at != 0 && (bytes[at] == METHOD || bytes[at] == INTERFACE_METHOD)) {
        int owner = classText(u2(at + 1));
        boolean ea = isText(owner, EA_ASYNC);
        boolean stream = isText(owner, STREAM);
        if (ea || stream || isText(owner, ASYNC)) {
          int nameAndType = constant(u2(at + 3), NAME_AND_TYPE);
          int name = nameAndType == 0 ? 0 : constant(u2(nameAndType + 1), TEXT);
          if (stream
              ? isText(name, EMIT) || isText(name, END)
              : isText(name, AWAIT) || ea && isText(name, EA_INIT)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Where the constant of an index stands if it has the tag; 0 if there is none such. */
  private int constant(int index, int tag) {
    int at = index < constants.length ? constants[index] : 0;
    return at != 0 && bytes[at] == tag ? at : 0;
  }

  /** Where the name of a class constant stands, or 0. */
  private int classText(int index) {
    int at = constant(index, CLASS);
    return at == 0 ? 0 : constant(u2(at + 1), TEXT);
  }

  private boolean isText(int at, byte[] expected) {
    return startsWith(at, expected) && u2(at + 1) == expected.length;
  }

  private boolean startsWith(int at, byte[] expected) {
    if (at == 0
        || at + SHORTEST_CONSTANT + expected.length > bytes.length
        || u2(at + 1) < expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (bytes[at + SHORTEST_CONSTANT + i] != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private int u2(int at) {
    return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
