package dev.weft.weaver.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.Parameter;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.plugin.descriptor.PluginDescriptorBuilder;
import org.junit.jupiter.api.Test;

/** The hand-written plugin.xml fits the class that it describes. */
class PluginDescriptorTest {
  static PluginDescriptor descriptor() throws Exception {
    try (Reader in =
        new InputStreamReader(
            WeaveMojo.class.getResourceAsStream("/META-INF/maven/plugin.xml"),
            StandardCharsets.UTF_8)) {
      return new PluginDescriptorBuilder().build(in);
    }
  }

  @Test
  void theGoalsRunWhereTheyShould() throws Exception {
    PluginDescriptor plugin = descriptor();

    assertThat(plugin.getGoalPrefix()).isEqualTo("weft");
    assertThat(plugin.getMojos())
        .extracting(MojoDescriptor::getGoal)
        .containsExactlyInAnyOrder("weave", "weave-tests");
    MojoDescriptor weave = plugin.getMojo("weave");
    assertThat(weave.getPhase()).isEqualTo("process-classes");
    assertThat(weave.getDependencyResolutionRequired()).isEqualTo("compile");
    MojoDescriptor weaveTests = plugin.getMojo("weave-tests");
    assertThat(weaveTests.getPhase()).isEqualTo("process-test-classes");
    assertThat(weaveTests.getDependencyResolutionRequired()).isEqualTo("test");
  }

  @Test
  void everyParameterIsAField() throws Exception {
    for (MojoDescriptor mojo : descriptor().getMojos()) {
      assertThat(mojo.isThreadSafe()).isTrue();
      assertThat(mojo.getImplementation()).isEqualTo(WeaveMojo.class.getName());
      assertThat(mojo.getParameters())
          .extracting(Parameter::getName)
          .containsExactlyInAnyOrderElementsOf(
              Arrays.stream(WeaveMojo.class.getDeclaredFields()).map(Field::getName).toList());
      for (Parameter parameter : mojo.getParameters()) {
        assertThat(WeaveMojo.class.getDeclaredField(parameter.getName()).getType().getName())
            .isEqualTo(parameter.getType());
        assertThat(mojo.getMojoConfiguration().getChild(parameter.getName())).isNotNull();
      }
    }
  }

  @Test
  void filteringHasLeftMavensOwnExpressionsInPlace() throws Exception {
    MojoDescriptor weave = descriptor().getMojo("weave");

    assertThat(
            weave.getMojoConfiguration().getChild("classesDirectory").getAttribute("default-value"))
        .isEqualTo("${project.build.outputDirectory}");
    assertThat(descriptor().getVersion()).doesNotContain("$");
  }
}
