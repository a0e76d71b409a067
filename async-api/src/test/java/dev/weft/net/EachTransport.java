package dev.weft.net;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A test that runs once per transport; {@link Net#executor} skips those that this machine lacks.
 */
@ParameterizedTest(name = "{0}")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface EachTransport {}
