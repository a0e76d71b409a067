package dev.weft.net;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A test that runs once per {@link Ground}; those that this machine lacks are skipped. */
@ParameterizedTest(name = "{0}")
@EnumSource
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface EachGround {}
