from pathlib import Path

from nss_portal.supervisor.layout import BASE_DIR, Layout

SOCKET_PATH_LIMIT = 107  # bytes, of Linux


def test_sockets_of_a_deep_clone_stay_short_enough() -> None:
    layout = Layout(Path("/home") / ("deep/" * 60) / ".data")
    assert len(f"{layout.postgres_socket_dir}/.s.PGSQL.5432".encode()) < SOCKET_PATH_LIMIT
    assert len(str(layout.redis_socket).encode()) < SOCKET_PATH_LIMIT


def test_two_data_folders_have_sockets_of_their_own() -> None:
    assert Layout(Path("/srv/one/.data")).run_dir != Layout(Path("/srv/two/.data")).run_dir


def test_data_lie_in_the_clone_unless_named() -> None:
    assert Layout.from_environment({}).data_dir == BASE_DIR / ".data"
    assert Layout.from_environment({"NSS_DATA_DIR": ""}).data_dir == BASE_DIR / ".data"
    assert Layout.from_environment({"NSS_DATA_DIR": "/srv/nss"}).data_dir == Path("/srv/nss")


def test_settings_find_the_same_sockets() -> None:
    layout = Layout(Path("/srv/nss"))
    assert layout.database_settings()["HOST"] == str(layout.postgres_socket_dir)
    assert layout.redis_url() == f"unix://{layout.redis_socket}"
