"""Spelling tables of the Indic languages, project-written: what people type, the usual spelling first.

Items are `symbol=spelling:weight,...` (see `lattice.table` and `indic.Rules`); `_` is "not written". A language's
rules are `BASE`, then its family's table, then its own: a later item replaces an earlier one.
"""

BASE = """
k=k kh=kh g=g gh=gh ng=n c=ch ch=chh:5,ch:5 j=j jh=jh ny=n T=t Th=th D=d Dh=dh N=n t=t th=th d=d dh=dh n=n
p=p ph=ph b=b bh=bh m=m y=y Y=y r=r R=r l=l L=l Z=zh v=v w=w sh=sh S=sh s=s h=h Rh=rh q=q:5,k:5 K=kh G=gh:7,g:3
z=z f=f x=x gN=ng dN=nd DN=nd bN=mb jN=nj jny=gn
a=a aa=a:6,aa:4 i=i ii=i:6,ee:4 u=u uu=u:6,oo:4 ri=ri li=li ae=e:7,a:3 aee=e:5,ae:5 E=e e=e ai=ai ao=o:9,au:1 O=o
o=o au=au om=om U=u
@=a +=_:7,a:3 -=_ -/$=_ M=n M/m=m:8,n:2 ~=n:9,_:1 H=h:6,_:4
k/2=k:85,_:15 g/2=g:85,_:15 j/2=j:85,_:15 T/2=t:85,_:15 D/2=d:85,_:15 t/2=t:85,_:15 d/2=d:85,_:15 n/2=n:85,_:15
p/2=p:85,_:15 b/2=b:85,_:15 m/2=m:85,_:15 l/2=l:85,_:15 s/2=s:85,_:15 y/2=y:85,_:15 v/2=v:85,_:15 r/2=r:85,_:15
N/2=n:85,_:15 L/2=l:85,_:15
c|c=cch:5,ch:3,chch:2 c|ch=cch:45,ch:30,chh:20,chch:5 j|jh=jjh:5,jh:5 k|kh=kkh:7,kh:3 t|th=tth:7,th:3
d|dh=ddh:8,dh:2 T|Th=tth:7,th:3 p|ph=pph:6,ph:4 b|bh=bbh:8,bh:2
k|S=ksh S|k=shk j|ny=gy:8,gn:1,jn:1
"""

HINDI = """
aa=a:65,aa:35 aa/1=aa:65,a:35 aa/$=a:92,aa:5,ah:3 aa/^=aa:75,a:25 aa/v=aa:55,a:45
i=i ii=i:52,ee:43,ii:5 ii/1=ee:55,i:40,ii:5 ii/$=i:86,ee:11,ii:3 ii/v=i
u=u uu=oo:50,u:45,uu:5 uu/1=oo:55,u:38,uu:7 uu/$=u:80,oo:15,uu:5 uu/v=u
e=e e/$=e:92,y:3,ay:2,ey:3 ai=ai:76,e:16,ei:3,ay:3,a:2 ai/$=ai:82,e:8,ei:4,ay:4,a:2
o/$=o:93,oh:4,u:3 o=o:96,u:4 au=au:75,o:20,ou:5 ri=ri:90,ru:10
@=a:92,_:8 @/^=a:88,_:9,e:3 @/1=a:80,_:15,u:5 @/h=e:55,a:45 @/$=a @/v=a @u=u:70,a:28,_:2
-=_:93,a:7 -/$=_:98,a:2 +=_:65,a:35
M/$=n:70,_:30 M/o=n:90,_:10 ~=n:90,_:10 ~/$=n:68,_:32 M/m=m:75,n:25
v=v:58,w:42 v/^=v:60,w:40 v/$=v:85,w:15 c=ch:97,c:3 ch=ch:55,chh:45 ch/$=ch:60,chh:40 kh=kh:97,k:3
j=j:94,z:6 jh=jh:88,j:12 th=th:97,t:3 dh=dh:97,d:3 bh=bh:97,b:3 gh=gh:97,g:3 Th=th:93,t:7 D=d Dh=dh
ph=f:55,ph:45 R=d:62,r:35,rd:3 Rh=dh:60,rh:28,d:6,r:6 z=z:72,j:28 f=f:90,ph:10 q=q:50,k:50 K=kh G=gh:70,g:30
sh=sh:90,s:10 S=sh:96,s:4 N=n L=l y=y Y=y
i|y=iy:85,y:10,i:5 a|e=aye:65,ae:35 @|e=aye:55,ae:45 aa|e=aye:60,aaye:20,ae:12,aae:8 i|e=iye:70,ie:24,ye:6
u|e=ue:80,uye:20 o|e=oye:70,oe:30 @|ii=ayi:60,ai:30,ayee:10 aa|ii=ai:55,aai:25,ayi:14,aayi:6 u|ii=ui:85,uyi:15
aa|o=ao:75,aao:25 aa|i=ai:80,aai:20 u|aa=ua:92,uaa:8 o|ii=oi
e|M/$=ein:40,en:38,e:18,ain:4 e|~/$=ein:40,en:38,e:18,ain:4
k|v=kw:60,kv:40 s|v=sw:75,sv:25 sh|v=shw:62,shv:38
"""

CHAT = """
@=_:80,a:20 @/^=_:82,a:18 @/1=_:85,a:15 @/h=_:70,e:20,a:10 aa=a aa/1=a:70,aa:30 aa/^=a ii=i ii/1=i uu=u uu/1=u
"""

PUNJABI = """
aa=a:72,aa:28 aa/1=aa:58,a:42 ii=i:70,ee:30 ii/1=ee:52,i:48 uu=u:68,oo:32 uu/1=oo:50,u:50 v=v:62,w:38 v/^=v:62,w:38
M/$=n:55,_:45 @=a:93,_:7 @/^=a:92,_:6,e:2 @/h=e:60,a:40 -=_:92,a:8 i=i:94,e:6 u=u:92,o:8
ai=ai:72,e:18,ae:5,a:5 au=au:65,o:30,ou:5 R=r:72,d:28 ch=ch:62,chh:38 z=z:65,j:35 l|h=lh N=n
c|c=ch:50,cch:42,chch:8 k/2=_:50,k:50 g/2=g:60,_:40 j/2=j:60,_:40 T/2=t:60,_:40 D/2=d:65,_:35 t/2=t:65,_:35
d/2=d:65,_:35 p/2=p:65,_:35 b/2=b:65,_:35 l/2=l:65,_:35 s/2=s:65,_:35 n/2=n:75,_:25 m/2=m:75,_:25
"""

GUJARATI = """
aa=a:80,aa:20 aa/1=aa:50,a:50 aa/^=aa:50,a:50 aa/$=a:97,aa:3 ii=i:76,ee:24 ii/1=i:50,ee:50 ii/$=i:95,ee:5
uu=u:76,oo:24 uu/1=u:55,oo:45 uu/$=u:92,oo:8 ai=ai e/$=e:96,ey:4 au=au:92,o:8
M/$=_:66,n:32,m:2 @=a:95,_:5 @/^=a:94,_:6 @/h=a:65,e:35 -=_:94,a:6 v=v:74,w:26 v/^=v:76,w:24
ph=f:80,ph:20 jh=z:55,jh:45 L=l:90,d:5,r:5 R=d ch=ch:58,chh:42 sh=sh:92,s:8 j|ny=gn:60,gny:20,gy:20 c=ch
"""

MARATHI = """
aa=a:78,aa:22 aa/1=aa:52,a:48 aa/^=aa:55,a:45 aa/$=a:96,aa:4 ii=i:75,ee:25 ii/1=ee:50,i:50 ii/$=i:94,ee:6
uu=u:75,oo:25 uu/1=u:55,oo:45 uu/$=u:92,oo:8 ai=ai:92,ay:5,e:3 au=au:90,ou:10 e/$=e:97,ey:3 o/$=o ao=o:90,a:10
@=a:97,_:3 @/^=a:96,_:4 @/1=a:93,_:7 @/h=a:85,e:15 -=_:88,a:12 -/$=_:97,a:3 +=_:55,a:45 @|M=an:85,a:10,am:5
@|M/$=a:62,an:18,e:12,am:8 M/$=n:62,_:38 c=ch:95,c:5 jh=z:50,jh:50 L=l:95,ll:5 R=r v=v:78,w:22 v/^=v:78,w:22
ph=f:60,ph:40 j|ny=dny:65,gy:20,dn:15 ch=ch:65,chh:35 sh=sh:94,s:6 j=j:94,z:6 v|h=vh R|y=ry
"""

NEPALI = """
aa=a:80,aa:20 aa/1=aa:50,a:50 aa/^=aa:55,a:45 aa/$=a:96,aa:4 ii=i:86,ee:14 ii/1=i:65,ee:35 ii/$=i:95,ee:5
uu=u:86,oo:14 uu/1=u:65,oo:35 uu/$=u:95,oo:5 ai=ai:94,e:6 au=au:88,ou:12 o=o o/$=o e/$=e
@=a:97,_:3 @/^=a:97,_:3 @/1=a:95,_:5 @/h=a:88,e:12 -=_:80,a:20 ng=ng:80,n:20 M/$=n:60,_:40 ~=n:72,_:28
v=w:40,b:32,v:28 v/^=b:40,w:35,v:25 v/$=b:40,v:35,w:25 ch=ch:50,chh:42,x:8 ch/$=ch:50,chh:42,x:8
ph=ph:65,f:35 sh=sh:75,s:25 S=s:60,sh:40 jh=jh D=d R=d k|S=ksh:60,kchh:20,chh:20 z=j j=j
i|e=ie:50,iye:50 @|e=ae:55,aye:45 aa|e=ae:55,aye:45 @|ii=ai aa|ii=ai
"""


def _eastern(consonants: str) -> str:
    """The Bengali y and v written under a consonant: it doubles the consonant, or stays, or is left out."""
    items = []
    for pair in consonants.split():
        symbol, _, text = pair.partition("=")
        text = text or symbol.lower()
        items.append(f"{symbol}|Py={text[0]}{text}:48,{text}y:34,{text}:18 {symbol}|Py/^={text}y:70,{text}:30")
        items.append(f"{symbol}|Pw={text[0]}{text}:45,{text}w:30,{text}:25 {symbol}|Pw/^={text}:55,{text}w:45")
    return " ".join(items)


_UNDER = _eastern("k kh g gh c=ch ch j jh T Th D Dh N t th d dh n p ph=f b bh m l sh S=sh s")

BENGALI = f"""
{_UNDER}
r|Py=rj:80,ry:20 h|Py=hy:60,jjh:40
@=o:77,a:23 @/^=o:72,a:28 @/1=o:75,a:25 @/h=o:80,a:20 @/$=o:82,a:18 @/v=o:85,a:15 -=_:80,o:15,a:5 -/$=_:90,o:8,a:2
@|o=o:90,ao:10 w=w:70,y:30 +=o:80,a:20
a=o:65,a:35 aa=a:97,aa:3 aa/1=a:90,aa:10 i=i:97,e:3 ii=i:87,ee:13 u=u uu=u:86,oo:14 ri=ri:92,r:8
ae=a:60,e:30,ya:10 e=e e/^=e:88,a:12 ai=oi:75,ai:25 o=o au=ou:72,au:28
c=ch:93,c:7 ch=ch:62,chh:28,s:10 j=j:96,z:4 T=t ph=f:68,ph:32 bh=bh:68,v:32 kh=kh:98,k:2 sh=sh:66,s:34 S=sh:60,s:40
s=s:78,sh:22 s/2=s R=r Rh=rh:70,r:30 N=n ng=ng ny=n Y=y:80,_:20 Y/$=y:75,i:15,e:10
e|Y=ey:90,e:10 M=ng:92,n:8 M/m=ng M/o=ng ~=_:60,n:40 H=_:60,h:40
k|S=kkh:62,ksh:22,kh:16 k|S/^=kh:62,ksh:38 j|ny=gg:48,gy:34,g:18 j|ny/^=gy:45,g:45,gg:10
c|c=cch:60,ch:30,chch:10 c|ch=cch:62,chch:14,ch:14,chh:10 d|m=dd:50,dm:50 t|m=tm:60,tt:40 s|m/^=sm:55,s:25,sh:20
"""

ASSAMESE = f"""
{_UNDER}
@=o:62,a:38 @/^=o:55,a:45 @/1=o:60,a:40 @/h=o:62,a:38 @/$=o:68,a:32 @/v=o:65,a:35 -=_:84,o:9,a:7 -/$=_:94,o:4,a:2
+=o:68,a:32
a=a:55,o:45 aa=a:97,aa:3 i=i ii=i:92,ee:8 u=u uu=u:90,oo:10 ri=ri e=e ai=oi:60,ai:40 au=ou:60,au:40
c=s:62,ch:38 ch=s:60,ch:40 j=j:85,z:15 w=w:62,v:26,b:12 s=x:44,s:42,h:14 sh=x:40,sh:34,s:26 S=x:45,s:35,sh:20
s/$=s:60,x:40 s|t=st s|Th=sth s|th=sth S|T=st s|k=sk s|p=sp bh=bh:88,v:12 ph=ph:62,f:38 R=r Rh=rh:75,r:25
Y=y:82,_:18 M=ng:65,n:35 M/$=ng M/m=m ~=_:65,n:35 k|S=khy:45,kh:35,ksh:20 j|ny=gy:60,gg:40
"""

ODIA = """
@=a:91,o:8,_:1 @/^=a:90,o:10 @/$=a:84,_:13,o:3 @/1=a:90,o:10 a=a:95,o:5 aa=a:92,aa:8 aa/1=a:72,aa:28 ii=i:90,ee:10
uu=u:90,oo:10 ai=ai:85,ei:15 au=au:70,ou:30 ri=ru:60,ri:40 ch=chh:50,ch:50 y=j Y=y:92,_:8 w=w:80,b:20 v=b:60,v:40
ph=ph:60,f:40 sh=sh:54,s:46 S=s:52,sh:48 R=d Rh=dh M=n:55,ng:45 M/m=m:60,n:40 M/$=ng:60,m:40 ~=n:55,_:45
k|S=khy:45,ksh:45,kh:10 j|ny=gy:75,gn:25 D=d
"""

DRAVIDIAN = """
aa=a:63,aa:37 aa/1=aa:55,a:45 aa/$=a:93,aa:7 aa/^=aa:58,a:42 ii=i:58,ee:42 ii/1=ee:56,i:44 ii/$=i:90,ee:10
uu=u:58,oo:42 uu/1=oo:54,u:46 uu/$=u:90,oo:10 e=e:88,ee:7,ae:5 e/^=e:76,ye:12,ae:7,ee:5 e/$=e:95,ae:5
E/^=e:86,ye:14 o=o:94,oo:6 au=au:72,ou:28 ai=ai:92,y:4,ay:4 u/$=u:97,_:3
M=n M/m=m:85,n:15 M/$=m M/o=m v=v:88,w:12 v/^=v:90,w:10 t=t:55,th:45 t|t=tt:52,tth:26,th:22 d=d:85,dh:15
dh=dh:75,d:25 th=th Th=th c=ch:95,c:5 c|c=cch:48,ch:38,chch:14 ch=ch:75,chh:25 ph=ph:50,f:50 bh=bh:92,b:8
sh=sh:78,s:22 S=sh:88,s:12 gh=gh:92,g:8 kh=kh:94,k:6 j|ny=gn:60,jn:25,gny:15 R=r:85,rr:15 L=l n|n=nn:89,n:11
l|l=ll:90,l:10 k|k=kk:80,k:20 p|p=pp:82,p:18 T|T=tt:86,t:14 H=h:60,_:40
"""

TELUGU = """
u/^=u:76,vu:24 E/^=e:74,ye:26 O/^=o:85,vo:15 c=ch:96,c:4 M|t=nt:50,nth:50 M/o=m:60,n:40 j=j:95,z:5 aa/$=a:95,aa:5
"""

KANNADA = """
t=t:62,th:38 t|t=tt:56,tth:24,th:20 u/$=u:86,_:14 E/^=e:78,ye:16,ya:6 h=h:95,_:5 d=d:86,dh:14 M|t=nt:66,nth:34
-=a:80,_:20 -/$=a i/^=i:88,e:12 u/^=u:93,o:7
"""

MALAYALAM = """
t=th:80,t:20 t/^=th:85,t:15 t|t=th:48,tth:38,tt:14 n|t=nth:80,nt:20 d=d:60,dh:40 T=t:56,d:44 T/^=t N|T=nd:78,nt:22
k=k:82,g:18 k/^=k k/2=k k|k=kk:85,k:15 ng|k=nk:60,ng:40 ng|ng=ng:86,nng:14 ny=nj:78,ny:18,gn:4
ny|ny=nj:65,nnj:25,nn:10 ny|c=nch:80,nj:20 m|p=mb:60,mp:40 n|R=nt:60,nd:22,nr:18 R|R=tt:68,t:32 R=r Z=zh:92,z:5,l:3
ng=ng M=m M/o=m M/m=m c=ch c|c=ch:40,cch:35,chch:25 U=u:62,_:28,e:10 i|y=iy:86,y:14 e=e:90,ea:5,ae:5 e/$=e
v=v:90,w:10 j|ny=jn:55,gn:45
"""

TAMIL = """
k/^=k kV=g:56,k:36,h:8 ng|k=ng:92,nk:8 c=ch:60,s:40 c/^=s:64,ch:36 cV=s:86,ch:14 ny|c=nj:76,nch:24
c|c=ch:50,cch:42,chch:8 TV=d:78,t:22 N|T=nd:76,nt:24 t/^=th:62,t:35,d:3 tV=th:60,dh:22,t:13,d:5 t=th:70,t:30
t|t=th:50,tth:32,tt:18 n|t=nth:55,ndh:24,nd:21 p/^=p:95,b:5 pV=p:56,b:44 m|p=mb:76,mp:24 R|R=tr:60,ttr:20,tt:20
n|R=ndr:60,nr:28,nd:12 R=r:94,rr:6 Z=zh:75,l:20,z:5 ny=gn:40,nj:30,ny:30 ny/^=gn:45,nj:30,ny:25 ng=ng f=h:50,_:50
f|p=f:90,p:10 S=sh:80,s:20 ai=ai:66,a:13,e:9,ei:6,ay:6 ai/$=ai:70,a:12,e:8,ay:5,ei:5 au=au:70,ow:30
u/$=u:93,_:5,oo:2 E/^=e:84,ye:16 e=e:86,ae:8,ee:4,ea:2 e/^=e:66,ye:14,ae:16,ee:4 o=o:93,oo:4,oa:3 i|y=iy:84,y:16
j=j sh=sh s=s kG=g:62,k:38 pG=p:55,b:45 v=v:93,w:7 v/^=v:94,w:6
"""

SINHALA = """
@=a:99,_:1 @/$=a aa=a:72,aa:28 aa/1=aa:50,a:50 aa/$=a:96,aa:4 aa/^=a:60,aa:40 ae=a:52,e:24,ae:24 aee=a:40,e:30,ae:30
ii=i:64,ee:36 ii/$=i:90,ee:10 uu=u:64,oo:36 E=e e=e:86,ee:14 o=o:88,oo:12 t=th:62,t:38 t|t=tth:50,th:30,tt:20
d=d:86,dh:14
dh=dh:55,d:45 v=w:70,v:30 v/^=w:66,v:34 ch=ch c=ch S=sh:65,s:35 sh=sh:85,s:15 M=n:62,ng:38 M/$=n:60,ng:20,m:20 M/m=m
gN=ng dN=nd:85,ndh:15 jny=gn:70,ny:30 ny=n:50,ny:50 bh=b:60,bh:40 ph=p:60,ph:40 kh=k:50,kh:50 gh=g:60,gh:40 L=l
"""

SANSKRIT = """
aa=a:65,aa:35 aa/$=a:90,aa:10 ii=i:75,ee:25 uu=u:78,oo:22 v=v:90,w:10 ch=chh:60,ch:40 M/$=m M/o=m:60,n:40
H=h:70,ha:20,_:10 e=e j|ny=jn:50,gy:50
"""
