"""Some entries of the small city."""

from dataclasses import replace

from knowledge.model import Article, ArticleState
from tests.knowledge.small_city import HOUSING, POLICE

ID_LOST = Article(
    id="id-card-lost",
    title="身份证丢了怎么补领",
    short="请到派出所申报丢失并申请补领，可异地办理。",
    owner=POLICE,
    full="全国已实行居民身份证异地受理。",
    variants=("身份证不见了怎么办", "补办身份证去哪里"),
    materials=("本人到场",),
    basis=("中华人民共和国居民身份证法",),
    matter="id-card",
)
ID_RENEW = Article(
    id="id-card-renew",
    title="身份证到期怎么换领",
    short="有效期满请申请换领新证。",
    owner=POLICE,
    variants=("身份证快到期了怎么办", "换身份证要带什么"),
    matter="id-card",
)
RESIDENCE = Article(
    id="residence-permit",
    title="居住证怎么办理",
    short="居住半年以上可以申领居住证。",
    owner=POLICE,
    variants=("办居住证要什么条件", "租房可以办居住证吗"),
    matter="residence-permit",
)
DOGS = Article(
    id="dog-keeping",
    title="养犬要遵守什么规定",
    short="犬只应定期免疫，携犬外出应系犬绳。",
    owner=POLICE,
    variants=("养狗要办证吗", "遛狗不牵绳怎么投诉"),
    matter="dog",
)
FUND = Article(
    id="fund-withdraw",
    title="公积金可以怎么提取",
    short="购房、还贷、租房、退休等情形可以提取。",
    owner=HOUSING,
    variants=("租房可以提取公积金吗", "离职公积金怎么取"),
    matter="fund-withdraw",
)
RENTAL = Article(
    id="public-rental",
    title="公租房怎么申请",
    short="符合收入和住房条件的家庭可以申请。",
    owner=HOUSING,
    variants=("公租房要什么条件", "申请公租房找谁"),
    matter="public-rental",
)
ENTRIES = (ID_LOST, ID_RENEW, RESIDENCE, DOGS, FUND, RENTAL)


def published(article: Article) -> Article:
    """As it lies on the shelf."""
    return replace(article, state=ArticleState.PUBLISHED, version=1)
