package dev.weft.weaver.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.verify.ClassHierarchy;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ModuleVisitor;
import org.objectweb.asm.Opcodes;

/** Whether an adapter is registered is told from service files and module descriptors alone. */
class AdapterRegistrationsTest {
  private static final String SERVICE = "META-INF/services/dev.weft.FutureAdapter";
  private static final String DESCRIPTOR = "module-info.class";
  private static final String ADAPT = "(Ljava/util/concurrent/CompletableFuture;)";

  private final Map<String, byte[]> classes = new HashMap<>();
  private final Map<String, List<byte[]>> resources = new HashMap<>();

  AdapterRegistrationsTest() {
    define("app/Promise", "java/util/concurrent/CompletableFuture");
    define("app/Label", "java/util/concurrent/CompletableFuture");
  }

  /** A class with methods of these names and descriptors; those without parameters are static. */
  private void define(String name, String superName, String... methods) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name, null, superName, null);
    for (String method : methods) {
      int descriptor = method.indexOf('(');
      int access = method.contains("()") ? Opcodes.ACC_STATIC : 0;
      writer.visitMethod(
          Opcodes.ACC_PUBLIC | Opcodes.ACC_ABSTRACT | access,
          method.substring(0, descriptor),
          method.substring(descriptor),
          null,
          null);
    }
    writer.visitEnd();
    classes.put(name, writer.toByteArray());
  }

  private static byte[] module(String service, String provider) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_MODULE, "module-info", null, null, null);
    ModuleVisitor module = writer.visitModule("app", 0, null);
    module.visitProvide(service, provider);
    module.visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }

  private boolean mayHave(String type) {
    ClassSource source =
        new ClassSource() {
          @Override
          public byte[] read(String internalName) {
            return classes.get(internalName);
          }

          @Override
          public List<byte[]> resources(String path) {
            return resources.getOrDefault(path, List.of());
          }
        };
    return new AdapterRegistrations(source, new ClassHierarchy(source)).mayHave(type);
  }

  private static byte[] damaged(byte[] classFile) {
    byte[] copy = classFile.clone();
    copy[7] = 99; // the version: of a Java that is to come
    return copy;
  }

  @Test
  void withoutAnyThereIsNone() {
    assertThat(mayHave("app/Promise")).isFalse();
  }

  @Test
  void aServiceFileNamesIt() {
    define("app/Adapter", "java/lang/Object", "adapt" + ADAPT + "Lapp/Promise;");
    resources.put(SERVICE, List.of("# ours\napp.Adapter # it\n".getBytes(StandardCharsets.UTF_8)));

    assertThat(mayHave("app/Promise")).isTrue();
    assertThat(mayHave("app/Label")).isFalse();
  }

  @Test
  void aModuleProvidesIt() {
    define("app/Adapter", "java/lang/Object", "adapt" + ADAPT + "Lapp/Promise;");
    resources.put(DESCRIPTOR, List.of(module("dev/weft/FutureAdapter", "app/Adapter")));

    assertThat(mayHave("app/Promise")).isTrue();
    assertThat(mayHave("app/Label")).isFalse();
  }

  @Test
  void anAdapterInheritsWhatItMakes() {
    define("app/Base", "java/lang/Object", "adapt" + ADAPT + "Lapp/Promise;");
    define("app/Adapter", "app/Base");
    define("app/Factory", "java/lang/Object", "provider()Lapp/Adapter;");

    resources.put(SERVICE, List.of("app.Adapter".getBytes(StandardCharsets.UTF_8)));
    assertThat(mayHave("app/Promise")).isTrue();
    assertThat(mayHave("app/Label")).isFalse();

    resources.remove(SERVICE);
    resources.put(DESCRIPTOR, List.of(module("dev/weft/FutureAdapter", "app/Factory")));
    assertThat(mayHave("app/Promise")).isTrue();
    assertThat(mayHave("app/Label")).isFalse();
  }

  @Test
  void aModulesProviderMethodSaysWhatTheAdapterIs() {
    define("app/Adapter", "java/lang/Object", "adapt" + ADAPT + "Lapp/Promise;");
    define("app/Factory", "java/lang/Object", "provider()Lapp/Adapter;");
    resources.put(DESCRIPTOR, List.of(module("dev/weft/FutureAdapter", "app/Factory")));

    assertThat(mayHave("app/Promise")).isTrue();
    assertThat(mayHave("app/Label")).isFalse();
  }

  @Test
  void aProviderMethodThatSaysNothingMayReturnAny() {
    define("app/Factory", "java/lang/Object", "provider()Ldev/weft/FutureAdapter;");
    resources.put(DESCRIPTOR, List.of(module("dev/weft/FutureAdapter", "app/Factory")));

    assertThat(mayHave("app/Promise")).isTrue();
  }

  @Test
  void aServiceFilesClassIsTheAdapterWhateverItsProviderMethodReturns() {
    define("app/Adapter", "java/lang/Object", "adapt" + ADAPT + "Lapp/Promise;");
    define("app/Factory", "java/lang/Object", "provider()Lapp/Adapter;");
    resources.put(SERVICE, List.of("app.Factory\n".getBytes(StandardCharsets.UTF_8)));

    assertThat(mayHave("app/Promise")).isFalse();
  }

  @Test
  void aDescriptorThatCannotBeReadCountsIfItNamesAnAdapter() {
    resources.put(DESCRIPTOR, List.of(damaged(module("java/lang/Runnable", "app/Task"))));
    assertThat(mayHave("app/Promise")).isFalse();

    resources.put(DESCRIPTOR, List.of(damaged(module("dev/weft/FutureAdapter", "app/Adapter"))));
    assertThat(mayHave("app/Promise")).isTrue();
  }

  @Test
  void filesThatCannotBeReadMayNameOne() {
    ClassSource source =
        new ClassSource() {
          @Override
          public byte[] read(String internalName) {
            return classes.get(internalName);
          }

          @Override
          public List<byte[]> resources(String path) {
            throw new UncheckedIOException(new ZipException("damaged"));
          }
        };

    assertThat(new AdapterRegistrations(source, new ClassHierarchy(source)).mayHave("app/Promise"))
        .isTrue();
  }
}
