/**
 * The feed from RabbitMQ. It uses the module's connection settings ({@code rabbitmq.*}) and the
 * plain client with a life cycle of its own: one thread connects, declares the topology and
 * consumes, and begins anew after whatever fault; publishing has a connection of its own, so that a
 * broker that blocks publishers still takes acknowledgements.
 */
@NullMarked
package dev.freshet.feed.rabbitmq;

import org.jspecify.annotations.NullMarked;
