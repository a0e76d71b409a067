package dev.weft.release;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InnerClassNode;

/**
 * A module's API and nothing else: the types that its exported packages show, with their public and
 * protected members and without code. Hidden types are kept only where one that shows extends or
 * implements them, as members are inherited through them.
 *
 * <p>The same API gives the same bytes, whatever the code behind it does.
 */
final class ApiSkeleton {
  private static final int SHOWS = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED;

  private final Path root;
  private final Map<String, ClassNode> kept = new TreeMap<>();
  private final Set<String> visible = new TreeSet<>();

  private ApiSkeleton(Path root) {
    this.root = root;
  }

  /**
   * The skeleton of the classes below {@code root}: of a module's exported packages, else of all.
   */
  static ApiSkeleton of(Path root) throws IOException {
    ApiSkeleton skeleton = new ApiSkeleton(root);
    skeleton.collect();
    return skeleton;
  }

  /** Names of class files, and their bytes. */
  Map<String, byte[]> classFiles() {
    Map<String, byte[]> files = new TreeMap<>();
    kept.forEach(
        (name, node) -> {
          ClassWriter writer = new ClassWriter(0);
          node.accept(writer);
          files.put(name + ".class", writer.toByteArray());
        });
    return files;
  }

  /** The internal names of the types that show. */
  Set<String> visibleTypes() {
    return Set.copyOf(visible);
  }

  static ModuleDescriptor module(Path root) throws IOException {
    try (InputStream descriptor = Files.newInputStream(root.resolve("module-info.class"))) {
      return ModuleDescriptor.read(descriptor);
    }
  }

  private void collect() throws IOException {
    Deque<ClassNode> open = new ArrayDeque<>();
    for (Path shown : shownFolders()) {
      for (Path file : classesOf(shown)) {
        ClassNode node = read(file);
        if (isVisible(node)) {
          visible.add(node.name);
          open.add(node);
        }
      }
    }
    while (!open.isEmpty()) {
      ClassNode node = open.remove();
      if (kept.putIfAbsent(node.name, node) == null) {
        for (String above : supertypes(node)) {
          Path file = root.resolve(above + ".class");
          if (Files.exists(file)) {
            open.add(read(file));
          }
        }
      }
    }
    kept.values().forEach(this::strip);
  }

  private List<Path> shownFolders() throws IOException {
    if (Files.exists(root.resolve("module-info.class"))) {
      return module(root).exports().stream()
          .map(export -> root.resolve(export.source().replace('.', '/')))
          .toList();
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isDirectory).toList();
    }
  }

  private static List<Path> classesOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .filter(file -> !file.endsWith("package-info.class"))
          .toList();
    }
  }

  private static ClassNode read(Path file) throws IOException {
    ClassNode node = new ClassNode();
    new ClassReader(Files.readAllBytes(file))
        .accept(node, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
    return node;
  }

  /** Its own flags and those of all types around it: a nested type has its flags with its name. */
  private boolean isVisible(ClassNode node) throws IOException {
    String name = node.name;
    for (boolean nested = true; nested; ) {
      nested = false;
      for (InnerClassNode inner : node.innerClasses) {
        if (inner.name.equals(name)) {
          if (inner.outerName == null || (inner.access & SHOWS) == 0) {
            return false;
          }
          name = inner.outerName;
          nested = true;
          break;
        }
      }
    }
    ClassNode outermost = name.equals(node.name) ? node : read(root.resolve(name + ".class"));
    return (outermost.access & Opcodes.ACC_PUBLIC) != 0;
  }

  private static List<String> supertypes(ClassNode node) {
    return Stream.concat(Stream.ofNullable(node.superName), node.interfaces.stream()).toList();
  }

  private void strip(ClassNode node) {
    // Private, and yet what serialized objects are recognized by.
    node.fields.removeIf(field -> !shows(field.access) && !field.name.equals("serialVersionUID"));
    node.methods.removeIf(method -> !shows(method.access));
    node.innerClasses.removeIf(
        inner ->
            !kept.containsKey(inner.name) && Files.exists(root.resolve(inner.name + ".class")));
    node.nestHostClass = null;
    node.nestMembers = null;
    node.outerClass = null;
    node.outerMethod = null;
    node.outerMethodDesc = null;
  }

  private static boolean shows(int access) {
    return (access & SHOWS) != 0 && (access & Opcodes.ACC_SYNTHETIC) == 0;
  }
}
