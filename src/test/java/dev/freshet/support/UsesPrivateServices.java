package dev.freshet.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * A test that starts {@link PrivateServices}; where they cannot run, the build says that it was
 * left out.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
    value = "dev.freshet.support.PrivateServices#canStart",
    disabledReason =
        "it needs a PostgreSQL and a RabbitMQ of its own: start a Docker engine, or run as root on"
            + " Debian 12")
public @interface UsesPrivateServices {}
