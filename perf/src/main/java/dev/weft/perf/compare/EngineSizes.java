package dev.weft.perf.compare;

import dev.weft.perf.weaving.ClassFiles;
import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.MethodReport;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Opcodes;

/**
 * How large the classes of the weaver's corpus become by one engine. Needs no clock: the figures
 * are the same in every run.
 *
 * @param methods how many methods were woven
 * @param compiledCode bytes of their code as javac has made it
 * @param code bytes of the code that stands for them
 * @param compiledClasses bytes of their class files as javac has made them
 * @param classes bytes of their class files, those of the frames included
 * @param frameFields bytes that the fields of a frame take up on average, references as 4
 */
record EngineSizes(
    int methods, int compiledCode, int code, int compiledClasses, int classes, double frameFields) {

  /** Weaves the corpus, but for classes that either engine refuses. */
  static EngineSizes of(Engine engine) throws IOException {
    int methods = 0;
    int compiledCode = 0;
    int code = 0;
    int compiledClasses = 0;
    int classes = 0;
    List<byte[]> frames = new ArrayList<>();
    for (byte[] classFile : ClassFiles.corpus()) {
      WeaveResult result = weave(classFile, engine);
      Engine other = engine == Engine.EA ? Engine.DIRECT : Engine.EA;
      byte[] bytes = result.bytes();
      if (bytes == null || weave(classFile, other).bytes() == null) {
        continue;
      }
      for (MethodReport method : result.methods()) {
        methods++;
        compiledCode += method.originalBytes();
        code += method.wovenBytes();
      }
      compiledClasses += classFile.length;
      classes += bytes.length;
      frames.addAll(result.frames().values());
    }
    int fields = frames.stream().mapToInt(EngineSizes::fieldBytes).sum();
    classes += frames.stream().mapToInt(frame -> frame.length).sum();
    return new EngineSizes(
        methods, compiledCode, code, compiledClasses, classes, (double) fields / frames.size());
  }

  /** Bytes of a method's code times what it was. */
  double codeGrowth() {
    return (double) code / compiledCode;
  }

  /** Bytes of the class files times what they were. */
  double classGrowth() {
    return (double) classes / compiledClasses;
  }

  private static WeaveResult weave(byte[] classFile, Engine engine) {
    return new Weaver(
            ClassSource.of(EngineSizes.class.getClassLoader()),
            FrameMode.CLASS_FILES,
            WeaverOptions.DEFAULT.withEngine(engine))
        .weave(classFile);
  }

  private static int fieldBytes(byte[] frame) {
    int[] bytes = {0};
    new ClassReader(frame)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public @Nullable FieldVisitor visitField(
                  int access,
                  String name,
                  String descriptor,
                  @Nullable String signature,
                  @Nullable Object value) {
                bytes[0] += descriptor.equals("J") || descriptor.equals("D") ? 8 : 4;
                return null;
              }
            },
            ClassReader.SKIP_CODE);
    return bytes[0];
  }
}
