"""Builds the part of the house that takes all data in and gives them out."""

from dataclasses import dataclass

from directory.room import DirectoryRoom
from hotline.data.api import DataApi, routes
from hotline.data.articles import ArticleDataApi
from hotline.data.articles import routes as article_routes
from hotline.data.planning import CityData
from hotline.data.staff_api import StaffImportApi
from hotline.data.staff_api import routes as staff_routes
from kernel.room import Floor, Room
from knowledge.room import KnowledgeRoom
from ticketing.room import Ticketing


@dataclass(frozen=True, slots=True)
class Data:
    """The data of all rooms as one set of sheets."""

    room: Room
    city: CityData


def build(floor: Floor, directory: DirectoryRoom, ticketing: Ticketing, knowledge: KnowledgeRoom) -> Data:
    """The data over the rooms that keep them."""
    city = CityData(floor.database, directory, ticketing, knowledge)
    people = staff_routes(StaffImportApi(directory))
    articles = article_routes(ArticleDataApi(floor.database, knowledge, ticketing))
    return Data(Room("data", routes=[*routes(DataApi(city, floor.database, ticketing)), *people, *articles]), city)
