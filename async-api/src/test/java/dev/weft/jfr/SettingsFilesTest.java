package dev.weft.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jdk.jfr.EventType;
import jdk.jfr.SettingDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings that ship with the library fit the events that there are. */
class SettingsFilesTest {
  private static Map<String, String> file(String name) throws Exception {
    return new TreeMap<>(Recorded.settings(name).getSettings());
  }

  /** As a file would say it that changes nothing. */
  private static Map<String, String> ofTheClasses() {
    Map<String, String> all = new TreeMap<>();
    for (EventType type : Recorded.types()) {
      for (SettingDescriptor setting : type.getSettingDescriptors()) {
        all.put(type.getName() + "#" + setting.getName(), setting.getDefaultValue());
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "profile", "trace"})
  void eachEventIsSetAndNothingElse(String name) throws Exception {
    Set<String> set =
        file(name).keySet().stream()
            .map(key -> key.substring(0, key.indexOf('#')))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(set)
        .containsExactlyElementsOf(Recorded.types().stream().map(EventType::getName).toList());
    assertThat(ofTheClasses().keySet()).containsAll(file(name).keySet());
  }

  /** So a recording that does not know of Weft is as cheap as one by the file. */
  @Test
  void withoutAFileItIsAsByTheDefaultOne() throws Exception {
    Map<String, String> classes = ofTheClasses();
    classes.keySet().retainAll(file("default").keySet());
    assertThat(classes).isEqualTo(file("default"));
  }

  @Test
  void theDefaultHasNothingThatHappensInEachPoll() throws Exception {
    assertThat(file("default"))
        .containsEntry("dev.weft.Poll#threshold", "10 ms")
        .containsEntry("dev.weft.Suspend#enabled", "false")
        .containsEntry("dev.weft.Resume#enabled", "false");
  }

  @Test
  void theProfileHasEveryEventThatIsNotOfEachAwait() throws Exception {
    Map<String, String> expected = new TreeMap<>(file("trace"));
    expected.put("dev.weft.Suspend#enabled", "false");
    expected.put("dev.weft.Resume#enabled", "false");
    assertThat(file("profile")).isEqualTo(expected);
  }

  @Test
  void theTraceHasEveryEvent() throws Exception {
    assertThat(file("trace").entrySet())
        .filteredOn(setting -> setting.getKey().endsWith("#enabled"))
        .hasSameSizeAs(Recorded.CLASSES)
        .allSatisfy(setting -> assertThat(setting.getValue()).isEqualTo("true"));
  }

  @Test
  void aLagHasAUnitAsAThresholdHas() {
    assertThat(LagThreshold.parse("20 ms")).isEqualTo(20_000_000);
    assertThat(LagThreshold.parse("0 ns")).isZero();
    assertThat(LagThreshold.parse("2 s")).isEqualTo(2_000_000_000);
    assertThat(LagThreshold.parse("some time")).isZero();
    assertThat(LagThreshold.parse("7")).isZero();
    assertThat(new LagThreshold().combine(Set.of("20 ms", "5 ms", "1 s"))).isEqualTo("5 ms");
  }
}
