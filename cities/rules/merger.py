"""Who may plan the merger of two municipalities: the coordination team. About keeping the register, so not in the
matrix of the mission."""

from nss_portal.core.access import Resource, cells, register

MERGER = register(
    Resource(
        name="municipality_merger",
        model="cities.MunicipalityMerger",
        actions={"view": cells(coordinator="all"), "plan": cells(coordinator="all")},
        in_matrix=False,
    )
)
