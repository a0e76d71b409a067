package dev.weft.weaver.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.Engine;
import dev.weft.weaver.Severity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent's options are read strictly. */
class AgentOptionsTest {
  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " "})
  void withoutOptionsEverythingIsWoven(@Nullable String options) {
    assertThat(AgentOptions.parse(options).includes("a/B")).isTrue();
  }

  @Test
  void prefixesAreWholeNames() {
    AgentOptions options = AgentOptions.parse("include=shop:bank.Account");

    assertThat(options.includes("shop/Shop")).isTrue();
    assertThat(options.includes("shop/deep/er/Shop")).isTrue();
    assertThat(options.includes("bank/Account")).isTrue();
    assertThat(options.includes("bank/Account$Entry")).isTrue();
    assertThat(options.includes("bank/Accountant")).isFalse();
    assertThat(options.includes("shopping/Cart")).isFalse();
  }

  @Test
  void aPrefixMayEndInADot() {
    AgentOptions options = AgentOptions.parse("include=shop.");

    assertThat(options.includes("shop/Shop")).isTrue();
    assertThat(options.includes("shopping/Cart")).isFalse();
  }

  @Test
  void howToWeaveIsReadToo() {
    AgentOptions options =
        AgentOptions.parse(
            "engine=direct,include=shop,debug=true,diagnostics=WEFT041=off:WEFT042=error");

    assertThat(options.includes("shop/Shop")).isTrue();
    assertThat(options.weaving().engine()).isEqualTo(Engine.DIRECT);
    assertThat(options.weaving().debug()).isTrue();
    assertThat(options.weaving().severities().of(DiagnosticCode.BLOCKING_CALL))
        .isEqualTo(Severity.OFF);
    assertThat(options.weaving().severities().of(DiagnosticCode.DROPPED_FUTURE))
        .isEqualTo(Severity.ERROR);
  }

  @ParameterizedTest
  @CsvSource({
    "engine=fast, 'it is one of auto, ea and direct'",
    "debug=yes, it is true or false",
    "diagnostics=WEFT001=off, stays an error"
  })
  void aBadValueIsRefusedWithTheGoodOnes(String option, String why) {
    assertThatThrownBy(() -> AgentOptions.parse("include=a," + option))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("weft agent: cannot read the option '" + option + "': ")
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"debug", "include=", "include=a,", "exclude=a", "include=a,verbose=1"})
  void whatDoesNotExistIsRefused(String options) {
    assertThatThrownBy(() -> AgentOptions.parse(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("weft agent: cannot read the option '")
        .hasMessageContaining("include=PREFIX[:PREFIX...]");
  }
}
