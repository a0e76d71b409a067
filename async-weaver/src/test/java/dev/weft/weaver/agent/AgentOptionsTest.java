package dev.weft.weaver.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

  @ParameterizedTest
  @ValueSource(strings = {"debug", "include=", "include=a,", "exclude=a", "include=a,verbose=1"})
  void whatDoesNotExistIsRefused(String options) {
    assertThatThrownBy(() -> AgentOptions.parse(options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("weft agent: cannot read the option '")
        .hasMessageContaining("include=PREFIX[:PREFIX...]");
  }
}
