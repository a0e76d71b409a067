package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.weft.net.SocketDriverProvider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a program can name is enough to use it: no exported signature names a hidden type. */
class ExportedTypesTest {
  /** A service provider is public because {@code ServiceLoader} makes it; programs do not. */
  private static final Set<String> PROVIDERS = Set.of(SocketDriverProvider.class.getName());

  private static ModuleDescriptor module() throws IOException {
    URL own = Async.class.getResource("Async.class");
    try (InputStream descriptor = new URL(own, "../../module-info.class").openStream()) {
      return ModuleDescriptor.read(descriptor);
    }
  }

  private static Set<String> exported() throws IOException {
    return module().exports().stream()
        .map(ModuleDescriptor.Exports::source)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theseAreExported() throws IOException {
    assertThat(exported())
        .containsExactly(
            "dev.weft",
            "dev.weft.dump",
            "dev.weft.frame",
            "dev.weft.io",
            "dev.weft.log",
            "dev.weft.metrics",
            "dev.weft.net",
            "dev.weft.node",
            "dev.weft.resilience",
            "dev.weft.scope",
            "dev.weft.select",
            "dev.weft.stream",
            "dev.weft.sync");
    assertThat(module().exports()).allMatch(export -> !export.isQualified());
    assertThat(module().opens()).isEmpty();
  }

  @Test
  void noSignatureNamesAHiddenType() throws IOException {
    Set<String> exported = exported();
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.weft");
    Set<String> leaks = new TreeSet<>();
    int seen = 0;
    for (JavaClass type : classes) {
      if (!exported.contains(type.getPackageName())
          || !isVisible(type)
          || PROVIDERS.contains(type.getName())) {
        continue;
      }
      for (JavaMember member : type.getMembers()) {
        if (!member.getModifiers().contains(JavaModifier.PUBLIC)
            && !member.getModifiers().contains(JavaModifier.PROTECTED)) {
          continue;
        }
        seen++;
        for (JavaClass named : member.getAllInvolvedRawTypes()) {
          JavaClass single = named.getBaseComponentType();
          if (single.getPackageName().startsWith("dev.weft")
              && !exported.contains(single.getPackageName())) {
            leaks.add(member.getFullName() + " names " + single.getName());
          }
        }
      }
    }
    assertThat(seen).as("members").isGreaterThan(200);
    assertThat(leaks).isEmpty();
  }

  private static boolean isVisible(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(ExportedTypesTest::isVisible).orElse(true);
  }
}
