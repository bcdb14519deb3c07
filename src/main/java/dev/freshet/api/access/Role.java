package dev.freshet.api.access;

/** What a key allows. The constants are for {@code @Secured}. */
public final class Role {

  /** Reading what the index holds, and the state of the service. */
  public static final String READ = "read";

  /** Everything, and alone what changes something or shows what a mapping excludes. */
  public static final String ADMIN = "admin";

  private Role() {}
}
