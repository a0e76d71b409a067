package dev.weft.weaver.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Eclipse's m2e finds in the plugin's jar that it is to run the goals: each of those that the
 * plugin's own descriptor has, in every build. That a goal leaves alone what an earlier build has
 * woven, which m2e relies on, is tested in {@link WeaveMojoTest}.
 */
class EclipseMappingTest {
  private static Element mapping() throws Exception {
    try (InputStream in =
        WeaveMojo.class.getResourceAsStream("/META-INF/m2e/lifecycle-mapping-metadata.xml")) {
      Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
      return document.getDocumentElement();
    }
  }

  private static List<String> texts(Element in, String element) {
    NodeList found = in.getElementsByTagName(element);
    return IntStream.range(0, found.getLength())
        .mapToObj(index -> found.item(index).getTextContent())
        .toList();
  }

  @Test
  void itNamesTheGoalsThatThereAre() throws Exception {
    assertThat(texts(mapping(), "goal"))
        .containsExactlyInAnyOrderElementsOf(
            PluginDescriptorTest.descriptor().getMojos().stream()
                .map(MojoDescriptor::getGoal)
                .toList());
  }

  @Test
  void theyRunInEveryBuildOfTheWorkspace() throws Exception {
    Element mapping = mapping();

    assertThat(mapping.getTagName()).isEqualTo("lifecycleMappingMetadata");
    assertThat(texts(mapping, "pluginExecution")).hasSize(1);
    assertThat(texts(mapping, "execute")).hasSize(1);
    assertThat(texts(mapping, "runOnIncremental")).containsExactly("true");
  }
}
