"""Words that the rules must know: mostly those that mean something else more often."""

from __future__ import annotations


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


PREPOSITIONS = _listed(
    "in on at by near from for to under over of with behind beside between above "
    "below inside outside into onto around through along across against beneath "
    "during after before since until while when where who that which as"
)
CONJUNCTIONS = _listed("and or but nor plus")
DENIALS = _listed("no not without except excluding neither never minus")
CARRIERS = _listed(
    "photo photos photograph photographs picture pictures pic pics image images shot "
    "shots snap snaps snapshot snapshots"
)
"""Words for a photo itself: they tell nothing of what is on it."""

LINKS = _listed("and or but plus also then")
LEFT_BEHIND = LINKS | _listed("with of showing")
"""What makes no sense at the beginning when the part before it is taken out."""

LEFT_BEFORE = LINKS | _listed(
    "with of in on at from by for to the a an taken shot made during while where that "
    "which were are is"
)
"""What makes no sense at the end when the part behind it is taken out."""

ASKING = LEFT_BEFORE | _listed(
    "please show find give get search me us all every any some my our i we only just "
    "everything anything stuff ones"
)
"""Who says only these, and words for a photo, says nothing of what is on it."""

THINGS_IN_ING = _listed(
    "building morning evening wedding painting ring king string spring thing ceiling "
    "clothing wing swing lightning duckling railing parking sibling earring nothing "
    "anything something everything pudding"
)
"""Words that end as "running" does and tell of no doing."""

COUNTRY_NICKNAMES: dict[str, tuple[str, ...]] = {
    "united states": ("usa", "u s a", "the us", "the states", "america"),
    "united kingdom": ("uk", "u k", "britain", "great britain"),
    "united arab emirates": ("uae", "emirates"),
    "netherlands": ("holland",),
    "czech republic": ("czechia",),
    "korea": ("south korea",),
    "russian federation": ("russia",),
    "new york city": ("nyc",),
}
"""What people call a country or town, by its name in the gazetteer, in plain words."""

EVERYDAY_PLACES = _listed(
    "turkey china chile jordan georgia jersey guinea nice reading bath orange mobile "
    "cork split buffalo phoenix aurora florence victoria charlotte chelsea austin "
    "jackson madison lincoln adelaide alexandria sofia kent savannah brooklyn "
    "carolina virginia lorenzo java champagne burgundy parma brie cheddar sandwich "
    "rugby deal battle bend independence hope wells ware eye rye ripley ely bury sale "
    "leek bacon swan diamond crystal marble granite cotton lemon cherry plum olive "
    "apple peach rose lily daisy ivy grace faith joy amber ruby pearl jade logan "
    "diego angel martin francisco christian douglas paris"
)
"""Names of places that are everyday words or first names: those count only behind a
preposition ("in Turkey") or alone ("Turkey, 2019"), not in "turkey dinner"."""

TIMES = _listed(
    "january february march april may june july august september october november "
    "december spring summer autumn fall winter monday tuesday wednesday thursday "
    "friday saturday sunday christmas easter halloween thanksgiving"
)
"""Names of places that are times: those count only with their country or state."""

NEVER_ALONE = _listed(
    "beach forest church man bar son ball ham park river lake sun dog cat tree wood "
    "woods house garden bridge castle hill hills mountain mountains valley field "
    "fields water sea ocean island bay harbour harbor port market square station "
    "school tower mill farm road street city town village center centre hall court "
    "north south east west new old big little long high red white black green blue "
    "yellow brown pink purple grey gray gold golden silver bird birds horse cow sheep "
    "fish duck bear wolf fox deer boat ship train car bus bike plane snow ice rain "
    "wind storm cloud sky star moon night day morning evening family friends people "
    "woman girl boy baby child love happy party wedding dinner lunch breakfast food "
    "cake bread salt pepper sugar coffee tea wine beer glass stone rock sand pool "
    "well spa art music book ring crown king queen prince knight union liberty "
    "justice peace victory flower flowers falls springs grove meadow prairie canyon "
    "summit central surprise normal why best home holiday video photo picture camera"
)
"""Names of places that say what is on a picture unless "in" or "from" is before."""

NO_PLACE_AFTER = _listed(
    "map maps flag flags statue model postcard postcards poster painting drawing "
    "globe king queen bank team book stamp stamps coin coins gulf republic style "
    "taste bottle glass plate bowl slice piece"
)
"""Before "of": "map of Portugal" shows Portugal and may be taken anywhere."""

NO_PLACE_BEFORE = _listed(
    "flag flags map maps jersey shirt shirts team plate plates sign signs sticker "
    "stickers poster posters stamp passport style sauce sandwich"
)
"""Behind a name: "Portugal flag" likewise."""

CAMERA_WORDS = _listed(
    "camera cameras digital pro plus max mini ultra phone mark ii iii iv v vi zoom "
    "compact mobile air lite note edge hero action power shot cool is hd hs x s z the "
    "and of a one go se black silver wide macro live view master series super fun "
    "life touch play neo"
)
"""Words within cameras' names that alone, or with numbers only, name none."""

EVERYDAY_BRANDS = _listed(
    "apple google galaxy pixel nothing honor honour palm nova cat red ring nest "
    "essential rebel eagle generic blackberry sharp phase concord vivid desire "
    "sensation coral mate mi moto leaf light"
)
"""Words within cameras' names that need "shot on" or another word of the name."""
