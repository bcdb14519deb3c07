package dev.freshet.sink.http;

import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** Reads a body of so many bytes at most; of a larger one nothing is kept, and it is null. */
final class BoundedBody implements BodySubscriber<byte @Nullable []> {

  private final long most;
  private final BodySubscriber<byte[]> kept = BodySubscribers.ofByteArray();
  private final CompletableFuture<byte @Nullable []> body = new CompletableFuture<>();
  private @Nullable Subscription subscription;
  private long bytes;

  private BoundedBody(long most) {
    this.most = most;
  }

  static BodyHandler<byte @Nullable []> handler(long most) {
    return response -> new BoundedBody(most);
  }

  @Override
  public CompletionStage<byte @Nullable []> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Subscription subscribed) {
    subscription = subscribed;
    kept.onSubscribe(subscribed);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    bytes += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
    if (bytes <= most) {
      kept.onNext(buffers);
    } else if (subscription != null) {
      subscription.cancel();
      body.complete(null);
    }
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    kept.onComplete();
    kept.getBody().thenAccept(body::complete);
  }
}
