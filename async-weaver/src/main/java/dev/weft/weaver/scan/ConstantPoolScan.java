package dev.weft.weaver.scan;

import dev.weft.weaver.Names;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;

/**
 * Decides from a class file's constant pool alone whether the weaver has any business with it. Most
 * classes have none, and cost no more than this.
 */
public final class ConstantPoolScan {
  /** The oldest class file version that must carry stack maps: Java 7. */
  public static final int OLDEST_VERSION = 51;

  private static final int MAGIC = 0xCAFEBABE;

  private final int version;
  private final String[] utf8;
  private final int[] classNames;
  private final int[] members; // class index << 16 | name-and-type index, of method references
  private final int[] nameAndTypes;
  private final int thisClass;

  private ConstantPoolScan(DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC) {
      throw new IOException("it does not start with 0xCAFEBABE");
    }
    in.readUnsignedShort();
    version = in.readUnsignedShort();
    int size = in.readUnsignedShort();
    utf8 = new String[size];
    classNames = new int[size];
    members = new int[size];
    nameAndTypes = new int[size];
    for (int i = 1; i < size; i++) {
      if (readEntry(in, i)) {
        i++;
      }
    }
    in.readUnsignedShort();
    thisClass = in.readUnsignedShort();
  }

  /**
   * Reads the constant pool of a class file.
   *
   * @throws IOException if the bytes are not a class file; its message says why
   */
  public static ConstantPoolScan of(byte[] classFile) throws IOException {
    try {
      return new ConstantPoolScan(new DataInputStream(new ByteArrayInputStream(classFile)));
    } catch (java.io.EOFException e) {
      throw new IOException("it ends in the middle of its constant pool", e);
    } catch (java.io.UTFDataFormatException e) {
      throw new IOException("a string in its constant pool is malformed", e);
    }
  }

  /** Reads one entry; true if it takes up two places. */
  private boolean readEntry(DataInputStream in, int i) throws IOException {
    int tag = in.readUnsignedByte();
    switch (tag) {
      case 1 -> utf8[i] = in.readUTF();
      case 7 -> classNames[i] = in.readUnsignedShort();
      case 10, 11 -> members[i] = in.readInt();
      case 12 -> {
        nameAndTypes[i] = in.readUnsignedShort();
        in.readUnsignedShort();
      }
      case 8, 16, 19, 20 -> in.readUnsignedShort();
      case 15 -> in.skipNBytes(3);
      case 3, 4, 9, 17, 18 -> in.readInt();
      case 5, 6 -> {
        in.readLong();
        return true;
      }
      default -> throw new IOException("constant " + i + " has the unknown tag " + tag);
    }
    return false;
  }

  /** The class file's major version. */
  public int version() {
    return version;
  }

  /** The class's internal name, or the empty string if the constant pool is damaged. */
  public String className() {
    return string(classNames, thisClass);
  }

  /** True if some code or method handle of the class may refer to an await, or to EA's init. */
  public boolean mentionsAwait() {
    for (int member : members) {
      if (member != 0) {
        String owner = string(classNames, member >>> 16);
        if (owner.equals(Names.ASYNC) || owner.equals(Names.EA_ASYNC)) {
          String name = string(nameAndTypes, member & 0xFFFF);
          if (name.equals(Names.AWAIT)
              || owner.equals(Names.EA_ASYNC) && name.equals(Names.EA_INIT)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private String string(int[] indexes, int at) {
    int index = at < indexes.length ? indexes[at] : 0;
    String value = index < utf8.length ? utf8[index] : null;
    return value == null ? "" : value;
  }
}
