package dev.weft.weaver;

import dev.weft.weaver.MethodReport.SavedLocal;
import dev.weft.weaver.MethodReport.SuspensionPoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Attribute;
import org.objectweb.asm.ByteVector;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;

/**
 * The mark of a woven class: a class file attribute, which JVMs ignore, with the report on its
 * methods. It lets {@code explain} speak about a class that was woven long ago.
 */
final class WovenAttribute extends Attribute {
  static final String NAME = "dev.weft.Woven";

  private static final int FORMAT = 2;

  private final List<MethodReport> methods;

  /** A prototype, for reading. */
  WovenAttribute() {
    this(List.of());
  }

  WovenAttribute(List<MethodReport> methods) {
    super(NAME);
    this.methods = methods;
  }

  List<MethodReport> methods() {
    return methods;
  }

  @Override
  public boolean isUnknown() {
    return false;
  }

  @Override
  protected Attribute read(
      ClassReader reader,
      int offset,
      int length,
      char @Nullable [] buffer,
      int codeOffset,
      Label @Nullable [] labels) {
    byte[] content = new byte[length];
    for (int i = 0; i < length; i++) {
      content[i] = (byte) reader.readByte(offset + i);
    }
    try {
      return new WovenAttribute(read(new DataInputStream(new ByteArrayInputStream(content))));
    } catch (IOException damaged) {
      return new WovenAttribute();
    }
  }

  @Override
  protected ByteVector write(
      ClassWriter writer, byte @Nullable [] code, int codeLength, int maxStack, int maxLocals) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      write(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    ByteVector content = new ByteVector();
    content.putByteArray(bytes.toByteArray(), 0, bytes.size());
    return content;
  }

  private void write(DataOutputStream out) throws IOException {
    out.writeByte(FORMAT);
    out.writeShort(methods.size());
    for (MethodReport method : methods) {
      out.writeUTF(method.name());
      out.writeUTF(method.descriptor());
      out.writeShort(method.line());
      out.writeBoolean(method.engine() == Engine.DIRECT);
      out.writeUTF(method.reason());
      out.writeInt(method.originalBytes());
      out.writeInt(method.wovenBytes());
      out.writeShort(method.suspensionPoints().size());
      for (SuspensionPoint point : method.suspensionPoints()) {
        out.writeShort(point.line());
        out.writeByte(point.saved().size());
        for (SavedLocal local : point.saved()) {
          out.writeUTF(local.name());
          out.writeUTF(local.descriptor());
          out.writeByte(local.bytes());
        }
      }
    }
  }

  private static List<MethodReport> read(DataInputStream in) throws IOException {
    List<MethodReport> methods = new ArrayList<>();
    if (in.readUnsignedByte() != FORMAT) {
      return methods;
    }
    for (int m = in.readUnsignedShort(); m > 0; m--) {
      String name = in.readUTF();
      String descriptor = in.readUTF();
      int line = in.readUnsignedShort();
      Engine engine = in.readBoolean() ? Engine.DIRECT : Engine.EA;
      String reason = in.readUTF();
      int originalBytes = in.readInt();
      int wovenBytes = in.readInt();
      List<SuspensionPoint> points = new ArrayList<>();
      int count = in.readUnsignedShort();
      for (int state = 1; state <= count; state++) {
        int at = in.readUnsignedShort();
        List<SavedLocal> saved = new ArrayList<>();
        for (int s = in.readUnsignedByte(); s > 0; s--) {
          saved.add(new SavedLocal(in.readUTF(), in.readUTF(), in.readUnsignedByte()));
        }
        points.add(new SuspensionPoint(state, at, saved));
      }
      methods.add(
          new MethodReport(
              name, descriptor, line, engine, reason, originalBytes, wovenBytes, points));
    }
    return methods;
  }
}
