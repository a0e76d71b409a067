package dev.weft.weaver.gradle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.Engine;
import dev.weft.weaver.Severity;
import dev.weft.weaver.WeaverOptions;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code weft { }} takes, and what becomes of it. */
class WeaverExtensionTest {
  private static final Pattern PARAMETER =
      Pattern.compile("<parameter>\\s*<name>(\\w+)</name>", Pattern.MULTILINE);

  private final WeaverExtension extension = new WeaverExtension();

  @Test
  void theOptionsAreThoseOfTheMavenPlugin() throws Exception {
    Set<String> parameters = new TreeSet<>();
    try (InputStream in = WeaverOptions.class.getResourceAsStream("/META-INF/maven/plugin.xml")) {
      Matcher found = PARAMETER.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      while (found.find()) {
        parameters.add(found.group(1));
      }
    }
    // What a Gradle task knows.
    assertThat(parameters).contains("classesDirectory", "classpath");
    parameters.removeAll(Set.of("classesDirectory", "classpath"));

    assertThat(
            Introspector.getBeanInfo(WeaverExtension.class, Object.class).getPropertyDescriptors())
        .extracting(PropertyDescriptor::getName)
        .containsExactlyInAnyOrderElementsOf(parameters);
    assertThat(
            Arrays.stream(
                Introspector.getBeanInfo(WeaverExtension.class, Object.class)
                    .getPropertyDescriptors()))
        .allMatch(property -> property.getWriteMethod() != null);
  }

  @Test
  void byDefaultItWeavesAsTheWeaverDoes() {
    WeaveSettings settings = new WeaveSettings(extension);

    assertThat(settings.options().engine()).isEqualTo(Engine.AUTO);
    assertThat(settings.options().debug()).isFalse();
    assertThat(settings.options().severities().of(DiagnosticCode.HUGE_METHOD))
        .isEqualTo(Severity.WARNING);
    assertThat(settings.skip()).isFalse();
    assertThat(settings.failOnError()).isTrue();
  }

  @Test
  void whatIsSetIsWhatItWeavesBy() {
    extension.setEngine("direct");
    extension.setDebug(true);
    extension.setDiagnostics("warnings=off");
    extension.setFailOnError(false);
    extension.setSkip(true);

    WeaveSettings settings = new WeaveSettings(extension);

    assertThat(settings.options().engine()).isEqualTo(Engine.DIRECT);
    assertThat(settings.options().debug()).isTrue();
    assertThat(settings.options().severities().of(DiagnosticCode.HUGE_METHOD))
        .isEqualTo(Severity.OFF);
    assertThat(settings.skip()).isTrue();
    assertThat(settings.failOnError()).isFalse();
    assertThat(settings)
        .asString()
        .isNotEqualTo(new WeaveSettings(new WeaverExtension()).toString());
  }

  @Test
  void aValueThatThereIsNotIsRefusedWithTheGoodOnes() {
    extension.setEngine("fast");

    assertThatThrownBy(new WeaveSettings(extension)::options)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no engine 'fast': it is one of auto, ea and direct");
  }
}
