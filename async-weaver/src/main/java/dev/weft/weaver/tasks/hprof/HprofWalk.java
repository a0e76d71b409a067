package dev.weft.weaver.tasks.hprof;

import java.io.IOException;

/** Goes over a heap dump once, record by record, and says what it is that cannot be read. */
final class HprofWalk {
  // Records.
  private static final int NAME = 0x01;
  private static final int LOAD_CLASS = 0x02;
  private static final int UNLOAD_CLASS = 0x03;
  private static final int STACK_FRAME = 0x04;
  private static final int STACK_TRACE = 0x05;
  private static final int CONTROL_SETTINGS = 0x0e;
  private static final int HEAP_DUMP = 0x0c;
  private static final int HEAP_DUMP_SEGMENT = 0x1c;
  private static final int HEAP_DUMP_END = 0x2c;

  // What is in a heap dump's segment.
  private static final int ROOT_UNKNOWN = 0xff;
  private static final int ROOT_JNI_GLOBAL = 0x01;
  private static final int ROOT_JNI_LOCAL = 0x02;
  private static final int ROOT_JAVA_FRAME = 0x03;
  private static final int ROOT_NATIVE_STACK = 0x04;
  private static final int ROOT_STICKY_CLASS = 0x05;
  private static final int ROOT_THREAD_BLOCK = 0x06;
  private static final int ROOT_MONITOR_USED = 0x07;
  private static final int ROOT_THREAD = 0x08;
  private static final int CLASS_DUMP = 0x20;
  private static final int INSTANCE_DUMP = 0x21;
  private static final int OBJECT_ARRAY_DUMP = 0x22;
  private static final int PRIMITIVE_ARRAY_DUMP = 0x23;

  private final HprofFile file;
  private final HprofReader in;
  private final HprofVisitor visitor;
  private final int idSize;

  private HprofWalk(HprofFile file, HprofVisitor visitor) {
    this.file = file;
    this.in = new HprofReader(file);
    this.visitor = visitor;
    this.idSize = file.idSize();
  }

  /**
   * Shows a visitor all that there is.
   *
   * @throws HprofException if the file is not whole, or something else
   */
  static void over(HprofFile file, HprofVisitor visitor) throws IOException {
    new HprofWalk(file, visitor).all();
  }

  private void all() throws IOException {
    boolean hasHeap = false;
    while (in.position() < file.length()) {
      long at = in.position();
      int tag = in.u1();
      in.skip(4); // the time
      long bytes = in.u4();
      long end = in.position() + bytes;
      if (end > file.length()) {
        throw HprofException.at(
            file.name(),
            at,
            "a record of "
                + bytes
                + " bytes begins here, and the file ends at "
                + file.length()
                + ": it was not written to its end, or not copied whole");
      }
      hasHeap |= tag == HEAP_DUMP || tag == HEAP_DUMP_SEGMENT;
      record(tag, at, bytes, end);
      if (in.position() > end) {
        throw broken(at, "a record is shorter than what it has to hold");
      }
      in.skip(end - in.position());
    }
    if (!hasHeap) {
      throw new HprofException(
          file.name(), "has no objects: the JVM did not write it to its end, or died meanwhile");
    }
  }

  private void record(int tag, long at, long bytes, long end) throws IOException {
    switch (tag) {
      case NAME -> {
        if (bytes >= idSize) {
          visitor.name(in.id(), in.position(), (int) Math.min(bytes - idSize, Integer.MAX_VALUE));
        }
      }
      case LOAD_CLASS -> {
        int serial = in.s4();
        long classId = in.id();
        in.skip(4);
        visitor.loadedClass(serial, classId, in.id());
      }
      case STACK_FRAME -> visitor.stackFrame(in.id(), in.position());
      case STACK_TRACE -> {
        int serial = in.s4();
        in.skip(4);
        long frames = in.u4();
        if (frames * idSize > end - in.position()) {
          throw broken(at, "a stack trace of " + frames + " lines in " + bytes + " bytes");
        }
        visitor.stackTrace(serial, in.position(), (int) frames);
      }
      case HEAP_DUMP, HEAP_DUMP_SEGMENT -> segment(end);
      default -> {
        if (tag != HEAP_DUMP_END && (tag < UNLOAD_CLASS || tag > CONTROL_SETTINGS)) {
          throw broken(at, "there is no record of the kind " + hex(tag));
        }
      }
    }
  }

  private void segment(long end) throws IOException {
    while (in.position() < end) {
      long at = in.position();
      int tag = in.u1();
      switch (tag) {
        case INSTANCE_DUMP -> instance();
        case OBJECT_ARRAY_DUMP -> {
          in.skip(idSize + 4);
          long elements = in.u4();
          in.skip(idSize + elements * idSize);
        }
        case PRIMITIVE_ARRAY_DUMP -> primitiveArray(at);
        case CLASS_DUMP -> classDump(at);
        case ROOT_JAVA_FRAME -> {
          long id = in.id();
          visitor.local(id, in.s4());
          in.skip(4);
        }
        case ROOT_THREAD -> visitor.thread(in.id(), in.s4(), in.s4());
        case ROOT_UNKNOWN, ROOT_STICKY_CLASS, ROOT_MONITOR_USED -> in.skip(idSize);
        case ROOT_JNI_GLOBAL -> in.skip(2L * idSize);
        case ROOT_JNI_LOCAL -> in.skip(idSize + 8);
        case ROOT_NATIVE_STACK, ROOT_THREAD_BLOCK -> in.skip(idSize + 4);
        default -> throw broken(at, "there is no part of a heap of the kind " + hex(tag));
      }
      if (in.position() > end) {
        throw broken(at, "it goes on behind the end of its segment, at " + end);
      }
    }
  }

  private void instance() throws IOException {
    long id = in.id();
    in.skip(4); // where it was allocated
    long classId = in.id();
    long bytes = in.u4();
    visitor.instance(id, classId, in.position(), bytes);
    in.skip(bytes);
  }

  private void primitiveArray(long at) throws IOException {
    long id = in.id();
    in.skip(4);
    long elements = in.u4();
    int type = in.u1();
    visitor.primitiveArray(id, type, in.position(), (int) Math.min(elements, Integer.MAX_VALUE));
    in.skip(elements * bytes(type, at));
  }

  private void classDump(long at) throws IOException {
    long id = in.id();
    in.skip(4);
    long superId = in.id();
    long loaderId = in.id();
    in.skip(4L * idSize + 4); // signers, protection domain, two unused; size of instances
    visitor.classDump(id, superId, loaderId, in.position());
    for (int constants = in.u2(); constants > 0; constants--) {
      in.skip(2);
      in.skip(bytes(in.u1(), at));
    }
    for (int statics = in.u2(); statics > 0; statics--) {
      in.skip(idSize);
      in.skip(bytes(in.u1(), at));
    }
    for (int fields = in.u2(); fields > 0; fields--) {
      in.skip(idSize);
      bytes(in.u1(), at);
    }
  }

  private int bytes(int type, long at) throws IOException {
    int bytes = HprofType.bytes(type, idSize);
    if (bytes == 0) {
      throw broken(at, "there is no type " + hex(type));
    }
    return bytes;
  }

  private static String hex(int tag) {
    return "0x" + Integer.toHexString(tag);
  }

  private HprofException broken(long at, String reason) {
    return HprofException.at(
        file.name(), at, reason + "; it is damaged, or not a dump that HotSpot has written");
  }
}
