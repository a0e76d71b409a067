package dev.weft.weaver.debugger;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import dev.weft.weaver.files.DirectoryWeaver;
import dev.weft.weaver.files.SmallProject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;

/** The page's program, compiled and woven. */
final class ShownProgram {
  static final String MAIN = "shop.Shop";

  private final Path root;
  private final SmallProject project;

  ShownProgram(Path root, WeaverOptions options) throws IOException {
    this.root = root;
    project = new SmallProject(root);
    project.compile("shop/Shop", Page.program());
    ClassSource classes = ClassSource.of(getClass().getClassLoader());
    new DirectoryWeaver(new Weaver(classes, FrameMode.CLASS_FILES, options))
        .weave(project.classes());
  }

  Path sources() {
    return root.resolve("src");
  }

  String classPath() {
    return project.classes() + File.pathSeparator + SmallProject.runtimePath();
  }

  SmallProject project() {
    return project;
  }
}
