package dev.freshet.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.source.postgresql.SourceConnectionConfiguration;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SourceAddressTest {

  @Test
  void aUrlIsTakenApart() throws Exception {
    SourceAddress address =
        of("jdbc:postgresql://db.example:5433/shop?user=ann&password=p%40ss&sslmode=require", null);

    assertThat(address.host()).isEqualTo("db.example");
    assertThat(address.port()).isEqualTo("5433");
    assertThat(address.database()).isEqualTo("shop");
    assertThat(address.user()).isEqualTo("ann");
    assertThat(address.password()).isEqualTo("p@ss");
    assertThat(address.parameters()).containsOnlyKeys("sslmode");
  }

  @Test
  void whatIsSetBesideTheUrlGoesBeforeIt() throws Exception {
    assertThat(of("jdbc:postgresql://h/d?user=ann", "bob").user()).isEqualTo("bob");
  }

  @Test
  void theUsualPortIsFilledIn() throws Exception {
    SourceAddress address = of("jdbc:postgresql://localhost/shop", "ann");

    assertThat(address.toString()).isEqualTo("localhost:5432/shop");
    assertThat(address.parameters()).isEmpty();
  }

  @Test
  void severalServersAreKept() throws Exception {
    SourceAddress address = of("jdbc:postgresql://one:5433,two/shop", "ann");

    assertThat(address.toString()).isEqualTo("one:5433,two:5432/shop");
  }

  private static SourceAddress of(String url, @Nullable String user) throws SQLException {
    return SourceAddress.of(new SourceConnectionConfiguration(url, user, null, true));
  }
}
