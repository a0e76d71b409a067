package dev.weft.weaver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of severities are read strictly, and an answer to a wrong one says what is possible. */
class DiagnosticSeveritiesTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "\n"})
  void withoutSettingsEachCodeHasItsOwn(String settings) {
    DiagnosticSeverities severities = DiagnosticSeverities.parse(settings);

    for (DiagnosticCode code : DiagnosticCode.values()) {
      assertThat(severities.of(code)).isEqualTo(code.severity()).isNotEqualTo(Severity.OFF);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "warnings=error,WEFT041=off",
        "WEFT041=off:warnings=error",
        "  WEFT041=warning, \n weft041=off,\n warnings=error\n"
      })
  void aCodesOwnSettingComesBeforeThatOfAllWarnings(String settings) {
    DiagnosticSeverities severities = DiagnosticSeverities.parse(settings);

    assertThat(severities.of(DiagnosticCode.BLOCKING_CALL)).isEqualTo(Severity.OFF);
    assertThat(severities.of(DiagnosticCode.DROPPED_FUTURE)).isEqualTo(Severity.ERROR);
    assertThat(severities.of(DiagnosticCode.CONSTRUCTOR)).isEqualTo(Severity.ERROR);
  }

  @Test
  void whatCannotBeWovenStaysAnError() {
    assertThatThrownBy(() -> DiagnosticSeverities.parse("WEFT009=warning"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "cannot read the diagnostic setting 'WEFT009=warning': WEFT009 stands for what cannot be"
                + " woven, and stays an error. What can be set are the warnings: WEFT040, WEFT041,"
                + " WEFT042, WEFT043, WEFT044, WEFT045, WEFT046. Write for example warnings=error,WEFT040=off");
    DiagnosticSeverities same = DiagnosticSeverities.parse("warnings=off,WEFT009=error");
    assertThat(same.of(DiagnosticCode.SYNCHRONIZED_BLOCK)).isEqualTo(Severity.ERROR);
  }

  @ParameterizedTest
  @CsvSource({
    "WEFT041, it is not CODE=SEVERITY",
    "WEFT041=, 'a severity is one of error, warning, off'",
    "WEFT041=fatal, 'a severity is one of error, warning, off'",
    "WEFT999=off, there is no such code. Those of warnings are WEFT040",
    "errors=off, there is no such code",
    "=off, there is no such code"
  })
  void whatDoesNotExistIsRefused(String setting, String why) {
    assertThatThrownBy(() -> DiagnosticSeverities.parse(setting))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("cannot read the diagnostic setting '" + setting + "': ")
        .hasMessageContaining(why);
  }

  @Test
  void anEngineThatDoesNotExistIsRefusedWithThoseThatDo() {
    assertThat(Engine.named("direct")).isEqualTo(Engine.DIRECT);
    assertThatThrownBy(() -> Engine.named("EA Async"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no engine 'EA Async': it is one of auto, ea and direct");
  }

  @Test
  void numbersAreUnique() {
    assertThat(DiagnosticCode.values())
        .extracting(DiagnosticCode::toString)
        .doesNotHaveDuplicates();
    assertThat(DiagnosticCode.of("WEFT001")).isEqualTo(DiagnosticCode.METHOD_REFERENCE);
    assertThat(DiagnosticCode.of("WEFT000")).isNull();
  }
}
