package dev.freshet.api;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpRequestWrapper;
import io.micronaut.http.context.ServerRequestContext;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The connection over which the request in hand came. */
record ClientConnection(Channel channel) {

  /** Empty where it is not known. */
  static Optional<ClientConnection> ofRequest() {
    Optional<HttpRequest<Object>> current = ServerRequestContext.currentRequest();
    HttpRequest<?> request = current.orElse(null);
    while (request instanceof HttpRequestWrapper<?> wrapper) {
      request = wrapper.getDelegate();
    }
    return request instanceof NettyHttpRequest<?> netty
        ? Optional.of(new ClientConnection(netty.getChannelHandlerContext().channel()))
        : Optional.empty();
  }

  /** Completes what a client waits for as soon as the client is gone. */
  @SuppressWarnings("FutureReturnValueIgnored") // Whoever waits is told by the awaited one itself.
  <T> void endWithIt(CompletableFuture<T> awaited, T value) {
    ChannelFutureListener listener = closed -> awaited.complete(value);
    channel.closeFuture().addListener(listener);
    // A connection that is kept alive serves many requests.
    awaited.whenComplete((result, failure) -> channel.closeFuture().removeListener(listener));
  }
}
